import type { Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import { mapArrays } from "../../cases/parameters.ts";
import type { LayerParameters } from "../../cases/state.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";

/**
 * Sets Adam's moments to zero, both or one, and the count of updates with them: a fresh optimizer. Safe: moments
 * act in the update alone, so that only a death of the update can need them.
 */
export const moments: Pass<CapturedStep, Diagnosis> = {
  name: "moments",
  *candidates(from) {
    let { step } = from;
    const fresh = {
      step: 0,
      firstMoment: zeros(step.state.firstMoment),
      secondMoment: zeros(step.state.secondMoment),
    };
    const { step: count, firstMoment, secondMoment } = fresh;
    for (const parts of [
      fresh,
      { firstMoment, secondMoment },
      { firstMoment },
      { secondMoment },
      { step: count },
    ]) {
      const candidate: CapturedStep = { ...step, state: { ...step.state, ...parts } };
      step = (yield candidate)?.step ?? step;
    }
  },
};

function zeros(layers: LayerParameters[]): LayerParameters[] {
  return mapArrays(layers, ({ length }) => new Float32Array(length));
}
