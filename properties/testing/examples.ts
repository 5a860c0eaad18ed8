import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readFixture } from "../../src/fixtures/store.ts";
import type { Invariant, Verdict } from "../../src/invariants/invariant.ts";
import { openData } from "../../src/programs/lstm/cases/data.ts";
import type { TrainingCase } from "../../src/programs/lstm/cases/schema.ts";
import { initialState } from "../../src/programs/lstm/cases/state.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";
import { train } from "../../src/programs/lstm/engines/train.ts";
import { type FixName, fixNamed } from "../../src/programs/lstm/fixes/fixes.ts";
import { readRecording, recordedCase } from "../../src/programs/lstm/recordings/recording.ts";
import type { Trajectory } from "../../src/programs/trajectory.ts";

const explorer = await openEngine("explorer");

/** Runs an example on the explorer, from its start to its end or its death. */
async function trajectoryOf(testCase: TrainingCase): Promise<Trajectory> {
  const training = explorer.start(testCase, initialState(testCase));
  try {
    return await train(explorer, testCase, training, openData(testCase, { folder: "fixtures" }));
  } finally {
    training.dispose();
  }
}

/** The verdict of an invariant on an example. */
export async function verdictOf(invariant: Invariant, testCase: TrainingCase): Promise<Verdict> {
  return invariant.check(await trajectoryOf(testCase), testCase);
}

/** The smallest known death by overflow of a growing cell: of the committed step fixtures the one with fewest numbers. */
export function overflow(): TrainingCase {
  const [smallest] = readdirSync("fixtures")
    .filter((file) => file.startsWith("forward-recurrence-overflow-relu"))
    .map((file) => readFixture(join("fixtures", file)).fixture)
    .filter(({ grade }) => grade === "step")
    .sort((a, b) => (a.size?.numbers ?? Infinity) - (b.size?.numbers ?? Infinity));
  if (smallest === undefined) throw new Error("fixtures/ holds no step that dies of recurrence overflow");
  return smallest.case as TrainingCase;
}

/** A row that has ended beside a longer one, whose discarded step overflows: a recording of the original program. */
export function discardedStep(): TrainingCase {
  return recordedCase(readRecording("fixtures/recordings/finished-row-beside-a-longer-one.json"));
}

/** The example with what a preset does about losses and gradients. */
export function under(preset: FixName, testCase: TrainingCase): TrainingCase {
  const fix = fixNamed(preset);
  if (fix === undefined) throw new Error(`no fix is named ${preset}`);
  return fix.apply(testCase);
}

/** The presets that are not ours. */
export const PUBLISHED = ["published", "published-l2", "published-clip"] as const;

/** All presets. */
export const PRESETS = ["hardened", ...PUBLISHED] as const;
