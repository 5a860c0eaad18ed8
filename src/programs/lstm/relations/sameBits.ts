import { RunDigest } from "../../digest.ts";
import { isFatal } from "../../stepRecord.ts";
import { openData } from "../cases/data.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { initialState, stateArrays } from "../cases/state.ts";
import type { Engine } from "../engines/engine.ts";

/** The digest of a whole run, from its start to its end or its death: the same for the same case, to the bit. */
export function digestOf(engine: Engine, testCase: TrainingCase): string {
  const data = openData(testCase, { folder: "." });
  const training = engine.start(testCase, initialState(testCase));
  const digest = new RunDigest();
  try {
    for (let step = 0; step < testCase.steps; step++) {
      const record = training.step(data.batch(step));
      digest.add(record);
      if (isFatal(record)) break;
    }
    return digest.close(stateArrays(training.previousState()), stateArrays(training.state()));
  } finally {
    training.dispose();
  }
}
