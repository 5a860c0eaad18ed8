import { deleteRuns, type Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { range } from "../edits/matrix.ts";
import { pickInputs } from "../edits/network.ts";

/**
 * Deletes input columns, runs of them down to single ones, with the weights that they meet; one always stays. Safe:
 * an input feeds into the lowest layer alone, whose other weights stay as they are.
 */
export const inputs: Pass<CapturedStep, Diagnosis> = {
  name: "inputs",
  *candidates(from) {
    yield* deleteRuns(
      from,
      ({ case: { model } }) => model.inputs,
      (step, start, size) => {
        const kept = range(step.case.model.inputs).filter((k) => k < start || k >= start + size);
        return kept.length === 0 ? null : pickInputs(step, kept);
      },
    );
  },
};
