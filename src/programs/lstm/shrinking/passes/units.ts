import { deleteRuns, type Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { range } from "../edits/matrix.ts";
import { pickUnits } from "../edits/network.ts";

/**
 * Deletes hidden units, runs of them over all layers down to single ones, with the weights into and out of them.
 * Safe: what is left is a smaller network with the same weights between its units; running it decides whether
 * they grow without the others.
 */
export const units: Pass<CapturedStep, Diagnosis> = {
  name: "units",
  *candidates(from) {
    yield* deleteRuns(
      from,
      ({ case: { model } }) => model.layers.reduce((sum, layer) => sum + layer.units, 0),
      withoutUnits,
    );
  },
};

/** Null where a layer would be left empty. */
function withoutUnits(step: CapturedStep, start: number, size: number): CapturedStep | null {
  let smaller = step;
  let first = 0;
  for (const [l, { units: count }] of step.case.model.layers.entries()) {
    const kept = range(count).filter((unit) => first + unit < start || first + unit >= start + size);
    if (kept.length === 0) return null;
    if (kept.length < count) smaller = pickUnits(smaller, l, kept);
    first += count;
  }
  return smaller;
}
