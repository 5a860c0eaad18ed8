import seedrandom from "seedrandom";
import { loadedEngine } from "../client/tfjs/engine.ts";
import { numbersPart, partNumbers, type StateSource } from "../client/tfjs/parts.ts";

type Alea = ReturnType<typeof seedrandom.alea> & {
  state(): { c: number; s0: number; s1: number; s2: number };
};

/** Everything that a program draws from, seeded. */
export interface SeededRandom {
  /** The stream that `train` is given. */
  random(): number;
  /** Seeds every stream anew. */
  seed(seed: number): void;
  /** Puts the position of every stream at the seed. */
  rewind(): void;
  source: StateSource;
  /** Gives `Math.random` and the clock of tensorflow.js back. */
  restore(): void;
}

const STREAMS = ["Math.random", "random"] as const;

/**
 * Seeds what unseeded programs draw from: `Math.random`, from which tensorflow.js takes its seeds, and the clock of
 * tensorflow.js, with which it seeds the shuffling of data sets. Their positions are part of the state.
 */
export function seedRandom(first: number): SeededRandom {
  const mathRandom = Math.random;
  let current = first;
  let streams = open(first);
  let ticks = 0;
  Math.random = () => streams["Math.random"]();
  const seed = (next: number) => {
    current = next;
    streams = open(next);
    ticks = 0;
    giveClockBack ??= replaceClock(now);
  };
  // A clock that goes on by 1 ms each time that it is read. It begins where no two seeds meet soon.
  const now = () => current * 1e9 + ticks++;
  let giveClockBack = replaceClock(now);
  return {
    random: () => streams.random(),
    seed,
    rewind: () => seed(current),
    restore() {
      Math.random = mathRandom;
      giveClockBack?.();
    },
    source: {
      take: () => [
        ...STREAMS.map((name) => {
          const { c, s0, s1, s2 } = streams[name].state();
          return numbersPart(`random/${name}`, "random", Float64Array.of(c, s0, s1, s2));
        }),
        numbersPart("random/clock", "random", Float64Array.of(ticks)),
      ],
      restore(parts) {
        if (!parts.has("random/clock")) seed(current);
        for (const name of STREAMS) {
          const part = parts.get(`random/${name}`);
          if (part !== undefined) streams[name] = at([...partNumbers(part)]);
        }
        const clock = parts.get("random/clock");
        if (clock !== undefined) ticks = Number(partNumbers(clock)[0]);
      },
      accepts: ({ role }) => role === "random",
    },
  };
}

function open(seed: number): Record<(typeof STREAMS)[number], Alea> {
  const stream = (name: string) => seedrandom.alea(`${seed}/${name}`, { state: true }) as Alea;
  return { "Math.random": stream("Math.random"), random: stream("random") };
}

function at([c = 0, s0 = 0, s1 = 0, s2 = 0]: number[]): Alea {
  return seedrandom.alea("", { state: { c, s0, s1, s2 } }) as Alea;
}

/** Null as long as no tensorflow.js is loaded. */
function replaceClock(now: () => number): (() => void) | null {
  const platform = loadedEngine()?.ENV.platform;
  if (platform === undefined) return null;
  const own = Object.getOwnPropertyDescriptor(platform, "now");
  platform.now = now;
  return () => {
    if (own) Object.defineProperty(platform, "now", own);
    else delete (platform as { now?: unknown }).now;
  };
}
