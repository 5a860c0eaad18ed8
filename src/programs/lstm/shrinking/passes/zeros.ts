import { deleteRuns, type Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { nonZeroPlaces, withNumbers } from "../edits/numbers.ts";

/**
 * Sets numbers to 0: runs of those that are not, down to single ones; targets and inputs first, then moments,
 * then weights. Safe: the search refuses a weight of 0 that faces an infinite operand, whose 0 * Infinity would make a
 * NaN of its own.
 */
export const zeros: Pass<CapturedStep, Diagnosis> = {
  name: "zeros",
  *candidates(from) {
    yield* deleteRuns(
      from,
      (step) => nonZeroPlaces(step).length,
      (step, start, size) => withNumbers(step, nonZeroPlaces(step).slice(start, start + size), 0),
    );
  },
};
