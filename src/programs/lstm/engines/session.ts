import type { Session } from "../../session.ts";
import type { DataSource } from "../cases/batch.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { parameterCount } from "../cases/shapes.ts";
import { stateArrays } from "../cases/state.ts";
import { type Diagnosis, diagnose } from "../diagnosis/diagnosis.ts";
import type { Engine, Training } from "./engine.ts";

/** A training on the batches of a case, as a session: it answers at once. Disposing of it disposes of the training. */
export function sessionOf(
  engine: Engine,
  testCase: TrainingCase,
  training: Training,
  data: DataSource,
): Session<CapturedStep, Diagnosis> {
  let taken = 0;
  const cutOut = (): CapturedStep => ({
    case: testCase,
    state: training.previousState(),
    batch: data.batch(taken - 1),
  });
  const parameters = parameterCount(testCase.model);
  return {
    steps: testCase.steps,
    description: data.description,
    step() {
      const record = training.step(data.batch(taken));
      taken += 1;
      return record;
    },
    cutOut,
    work() {
      const { rows, time } = data.batch(taken - 1);
      return rows * time * parameters;
    },
    diagnose() {
      const { state, batch } = cutOut();
      const again = engine.start(testCase, state);
      try {
        return diagnose(testCase, batch, again.trace(batch));
      } finally {
        again.dispose();
      }
    },
    state: (when) => stateArrays(when === "before" ? training.previousState() : training.state()),
    dispose: () => training.dispose(),
  };
}
