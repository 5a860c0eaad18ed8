import type { StepRecord } from "../../stepRecord.ts";
import type { Batch } from "../cases/batch.ts";
import { openData } from "../cases/data.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { initialState, type LayerParameters, type TrainingState } from "../cases/state.ts";
import type { Engine } from "../engines/engine.ts";

/** One step by the state that it starts from and its batch, which relations take in two ways. */
export interface SharedStep {
  testCase: TrainingCase;
  state: TrainingState;
  batch: Batch;
}

/** The results of a step. */
export interface StepOutcome {
  record: StepRecord;
  gradients: LayerParameters[];
  weights: LayerParameters[];
}

/**
 * The step of a run that comes after `taken` others, each with its own batch. Of a run that dies before, the
 * fatal step.
 */
export function sharedStep(engine: Engine, testCase: TrainingCase, taken: number): SharedStep {
  const data = openData(testCase, { folder: "." });
  const training = engine.start(testCase, initialState(testCase));
  try {
    for (let step = 0; step < taken; step++) {
      const { finite } = training.step(data.batch(step));
      if (!(finite.weights && finite.moments))
        return { testCase, state: training.previousState(), batch: data.batch(step) };
    }
    return { testCase, state: training.state(), batch: data.batch(taken) };
  } finally {
    training.dispose();
  }
}

/** Takes the step on an engine. */
export function takeStep(engine: Engine, { testCase, state, batch }: SharedStep): StepOutcome {
  const training = engine.start(testCase, state);
  try {
    const gradients = training.gradients(batch);
    const record = training.step(batch);
    return { record, gradients, weights: training.state().weights };
  } finally {
    training.dispose();
  }
}
