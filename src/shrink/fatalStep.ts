import { type CaseFiles, openData } from "../cases/data.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { initialState } from "../cases/state.ts";
import type { Engine } from "../training/engine.ts";
import { train } from "../training/run.ts";
import { onBatch } from "./edits/batch.ts";
import type { DyingStep } from "./pass.ts";

/**
 * Runs a case from its start and takes its fatal step out of the run.
 * @returns Null when the run lives, or dies and going over its last step does not show why.
 * @throws UsageError when the case's text cannot be read or the engine cannot run it.
 */
export async function fatalStep(
  engine: Engine,
  testCase: TrainingCase,
  files: CaseFiles,
): Promise<DyingStep | null> {
  const data = openData(testCase, files);
  const training = engine.start(testCase, initialState(testCase, files.binary));
  try {
    const trajectory = await train(engine, testCase, training, data);
    if (trajectory.status !== "failed" || trajectory.death.diagnosis === null) return null;
    const { step, diagnosis } = trajectory.death;
    const batch = data.batch(step - 1);
    return {
      step: onBatch({ case: testCase, state: training.previousState(), batch }, batch),
      death: diagnosis,
    };
  } finally {
    training.dispose();
  }
}
