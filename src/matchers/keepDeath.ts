import { openData } from "../cases/data.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { initialState } from "../cases/state.ts";
import { rewriteFixture } from "../fixtures/store.ts";
import { version } from "../package.ts";
import { findingOf, type Shrinking } from "../shrink/finding.ts";
import type { Engine } from "../training/engine.ts";
import { train } from "../training/run.ts";

/** How a death is kept. */
export interface Keeping {
  /** The file to write, whatever it held before. */
  path: string;
  shrinking: Shrinking;
  /** Engines to confirm the death on. */
  others: readonly Engine[];
}

/**
 * Runs a case that dies and writes its fatal step as a fixture.
 * @returns Whether there was a death to write: the run may live, or its fatal step by itself may.
 * @throws UsageError when the file cannot be written.
 */
export async function keepDeath(
  engine: Engine,
  testCase: TrainingCase,
  { path, shrinking, others }: Keeping,
): Promise<boolean> {
  const data = openData(testCase, { folder: "." });
  const training = engine.start(testCase, initialState(testCase));
  try {
    const trajectory = await train(engine, testCase, training, data);
    if (trajectory.status !== "failed" || trajectory.death.diagnosis === null) return false;
    const { step, diagnosis } = trajectory.death;
    const captured = { case: testCase, state: training.previousState(), batch: data.batch(step - 1) };
    const provenance = {
      nanproof: version(),
      preset: "none: a case of a test",
      data: data.description,
      seed: testCase.init.kind === "glorot" ? testCase.init.seed : "none",
      step,
    };
    const finding = await findingOf(engine, captured, diagnosis, provenance, others, shrinking);
    if (finding === null || finding.binary !== undefined) return false;
    rewriteFixture(path, finding.fixture);
    return true;
  } finally {
    training.dispose();
  }
}
