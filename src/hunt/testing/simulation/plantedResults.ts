import type { Fixture } from "../../../fixtures/schema.ts";
import { readFixture } from "../../../fixtures/store.ts";
import { type RandomStream, randomStream } from "../../../numerics/random.ts";
import type { HuntAnswer, HuntTask } from "../../run/tasks.ts";

/** The planted result of a task, wherever it is run: an answer, or the end of each worker that tries. */
export type PlantedResult = HuntAnswer | "costs every worker";

/** Deaths that the planted cases die: committed fixtures, of which every one dies as it says. */
const DEATHS = [
  "backward-backward-overflow-relu-315b39eff358",
  "forward-recurrence-overflow-relu-26cc27968c66",
  "forward-input-overflow-relu-301cc8beb042",
].map((name) => readFixture(`fixtures/${name}.json`).fixture);
const DEATH_RATE = 0.15;
/** Places where data may be bad: so few that two deaths may become the same fixture. */
const PLACES = 6;

/** The host that confirms a death in a simulation. */
export const CONFIRM = "tfjs-cpu";

/** The result of a task: it depends on the seed and the task alone, as with a true worker. */
export function resultOf(seed: string, task: HuntTask): PlantedResult {
  const random = randomStream(seed, `fate/${task.index}/${task.kind}`);
  return task.kind === "run" ? resultOfRun(seed, random, task) : resultOfCapture(seed, random, task.index);
}

function resultOfRun(seed: string, random: RandomStream, task: HuntTask & { kind: "run" }): PlantedResult {
  const drawn = random.uniform();
  if (drawn < 0.01) return "costs every worker";
  if (drawn < 0.02) return { kind: "failed", message: `case ${task.index} cannot be run` };
  const heat = Math.round(3000 * random.uniform()) / 100;
  const steps = 1 + random.integer(100);
  const ran = { kind: "ran", steps, work: steps * 7, heat, signature: null } as const;
  // A case is stopped at the first rung that it misses, as the plan has it.
  const reached = task.rungs.findIndex((rung) => heat < rung.heat);
  const heats = task.rungs.slice(0, reached < 0 ? undefined : reached + 1).map(() => heat);
  if (random.uniform() < DEATH_RATE) {
    const isExplained = random.integer(12) > 0;
    const signature = isExplained ? deathOf(seed, task.index).expected.signature : null;
    return { ...ran, status: "died", heats, signature };
  }
  if (random.integer(50) === 0) return { ...ran, status: "overdue", heats };
  return { ...ran, status: reached < 0 ? "lived" : "stopped", heats };
}

function resultOfCapture(seed: string, random: RandomStream, index: number): PlantedResult {
  const drawn = random.uniform();
  if (drawn < 0.1) return "costs every worker";
  if (drawn < 0.15) return { kind: "failed", message: `the death of case ${index} cannot be captured` };
  if (drawn < 0.2) return { kind: "captured", findings: [] };
  const own = deathOf(seed, index);
  const slips = random.integer(3) === 0 ? [drawnFrom(DEATHS, random)] : [];
  return {
    kind: "captured",
    findings: [own, ...slips].map((fixture) => ({ fixture: varied(fixture, random) })),
  };
}

function deathOf(seed: string, index: number): Fixture {
  return drawnFrom(DEATHS, randomStream(seed, `fate/${index}/death`));
}

/** The fixture with a place of its own, which its name is made of, and confirmed or not. */
function varied(fixture: Fixture, random: RandomStream): Fixture {
  const row = random.integer(PLACES);
  const place = { tensor: "input" as const, row, timestep: 0, column: 0 };
  const isConfirmed = random.integer(4) > 0;
  const reproducesOn = isConfirmed ? ["explorer", CONFIRM] : ["explorer"];
  return {
    ...fixture,
    expected: { ...fixture.expected, reproducesOn },
    provenance: { ...fixture.provenance, place },
  };
}

function drawnFrom<T>(all: readonly T[], random: RandomStream): T {
  return all[random.integer(all.length)] as T;
}
