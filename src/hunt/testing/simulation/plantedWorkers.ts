import type { RandomStream } from "../../../numerics/random.ts";
import type { HuntAnswer, HuntTask } from "../../run/tasks.ts";
import type { Channel, ChannelListener, OpenChannel } from "../../run/workers/channel.ts";
import { type PlantedResult, resultOf } from "./plantedResults.ts";
import type { VirtualClock } from "./virtualClock.ts";

/** Accidents that befall a worker by chance, whatever its task. Each costs the worker; the last one costs it at its next task. */
const ACCIDENTS = [
  "killed",
  "heap full",
  "hung",
  "babbles",
  "cut off",
  "wrong number",
  "wrong kind",
  "answers twice",
] as const;
type Accident = (typeof ACCIDENTS)[number];

/** The world that workers live in, and how rough it is. */
export interface World {
  seed: string;
  clock: VirtualClock;
  /** Decides what happens by chance. */
  random: RandomStream;
  /** Of so many tasks, one meets an accident; null for a world without any. */
  accidentEvery: number | null;
  /** Tasks that have cost a worker by accident. The hunt promises to bear one, so that none meets a second. */
  struck: Set<string>;
}

const BEAT_MS = 500;
const KILLED = { exitCode: undefined, signal: "SIGKILL", stderr: "" };
const HEAP_FULL = {
  exitCode: undefined,
  signal: "SIGABRT",
  stderr: "FATAL ERROR: JavaScript heap out of memory",
};

/** Workers in virtual time that give each task its planted result, as far as no accident keeps them from it. */
export function plantedWorkers(world: World): OpenChannel {
  return (listener) => new PlantedWorker(world, listener);
}

interface Numbered {
  id: number;
  task: HuntTask;
}

class PlantedWorker implements Channel {
  readonly #world: World;
  readonly #listener: ChannelListener;
  #isOpen = false;
  #isGone = false;
  readonly #tasks: Numbered[] = [];

  constructor(world: World, listener: ChannelListener) {
    this.#world = world;
    this.#listener = listener;
  }

  send(line: string): void {
    const message: unknown = JSON.parse(line);
    if (this.#isOpen) {
      this.#tasks.push(message as Numbered);
      if (this.#tasks.length === 1) this.#begin();
      return;
    }
    this.#isOpen = true;
    const { random, accidentEvery } = this.#world;
    const fails = accidentEvery !== null && random.integer(4 * accidentEvery) === 0;
    this.#later(50 + random.integer(350), () => (fails ? this.#gone(KILLED) : this.#say({ kind: "ready" })));
  }

  end(): void {
    this.#later(1 + this.#world.random.integer(5), () => this.#gone(KILLED));
  }

  /** Begins the task at hand. */
  #begin(): void {
    const [first] = this.#tasks;
    if (first === undefined) return;
    const { seed, random, accidentEvery, struck } = this.#world;
    const result = resultOf(seed, first.task);
    const isStruck =
      accidentEvery !== null && random.integer(accidentEvery) === 0 && !struck.has(keyOf(first));
    const accident =
      isStruck && result !== "costs every worker" ? ACCIDENTS[random.integer(ACCIDENTS.length)] : null;
    if (accident && accident !== "answers twice") struck.add(keyOf(first));
    const isSlow = accidentEvery !== null && random.integer(40) === 0;
    const took = isSlow ? 5000 + random.integer(60_000) : 1 + random.integer(40);
    for (let at = BEAT_MS; at < took; at += BEAT_MS) this.#later(at, () => this.#say({ kind: "beat" }));
    this.#later(took, () => this.#finish(first, result, accident ?? null));
  }

  #finish({ id, task }: Numbered, result: PlantedResult, accident: Accident | null): void {
    if (result === "costs every worker") this.#gone(KILLED);
    else if (accident !== null && accident !== "answers twice") this.#fail({ id, task }, result, accident);
    else {
      const answer = { kind: "answer", id, answer: result };
      this.#tasks.shift();
      this.#begin();
      this.#say(answer);
      const [next] = this.#tasks;
      if (accident === null || next === undefined || !this.#mayStrike(next)) return;
      this.#world.struck.add(keyOf(next));
      this.#say(answer);
    }
  }

  #fail({ id, task }: Numbered, result: PlantedResult, accident: Exclude<Accident, "answers twice">): void {
    const line = JSON.stringify({ kind: "answer", id, answer: result });
    const lies: Record<typeof accident, () => void> = {
      killed: () => this.#gone(KILLED),
      "heap full": () => this.#gone(HEAP_FULL),
      hung: () => {},
      babbles: () => this.#listener.onLine("Segmentation fault, or so"),
      "cut off": () => {
        this.#listener.onLine(line.slice(0, -9));
        this.#gone(KILLED);
      },
      "wrong number": () => this.#say({ kind: "answer", id: id - 1, answer: result }),
      "wrong kind": () => this.#say({ kind: "answer", id, answer: toAnother(task) }),
    };
    lies[accident]();
  }

  /** True where a task may cost a worker by accident and still have the result that it would have had. */
  #mayStrike(next: Numbered): boolean {
    const { seed, struck } = this.#world;
    return !struck.has(keyOf(next)) && resultOf(seed, next.task) !== "costs every worker";
  }

  #say(message: object): void {
    this.#listener.onLine(JSON.stringify(message));
  }

  #gone(exit: typeof KILLED): void {
    this.#isGone = true;
    this.#listener.onGone(exit);
  }

  #later(ms: number, act: () => void): void {
    this.#world.clock.after(ms, () => {
      if (!this.#isGone) act();
    });
  }
}

function keyOf({ task }: Numbered): string {
  return `${task.kind} ${task.index}`;
}

/** An answer, but not to what was asked. */
function toAnother({ kind }: HuntTask): HuntAnswer {
  if (kind === "run") return { kind: "captured", findings: [] };
  return { kind: "ran", status: "lived", steps: 1, work: 1, heats: [], heat: 0, signature: null };
}
