import type { Batch } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Site } from "./site.ts";

/**
 * Where a non-finite value may end without harm, so that it must not be taken for the cause of a
 * death elsewhere:
 *
 * - a pre-activation of +-Infinity saturates its gate; it counts where the cell or its output is
 *   not finite at the same row, timestep and layer;
 * - a discarded step is thrown away; it counts where its own gradient, 0 * Infinity, is not finite;
 * - a sum of squares of Infinity makes a unit vector of zeros; it counts where that vector or the
 *   output's gradient is not finite;
 * - the gradient of an output past its row's end, and with masked padding all that the loss makes
 *   there, is dropped by a select whatever it is.
 */
export type Fate = { kind: "lasts"; through: string[] } | { kind: "pends"; at: string } | { kind: "dropped" };

/** What becomes of the non-finite value at a site. `through`: the pending values that would have led to it. */
export function fateOf(site: Site, { loss }: TrainingCase, batch: Batch): Fate {
  const { phase, tensor, timestep, layer, row } = site;
  if (timestep === null) return { kind: "lasts", through: [] };
  const discarded = timestep >= (batch.lengths[row] ?? 0);
  const [step, gate, norm] = [
    `step ${row} ${timestep}`,
    `gate ${row} ${timestep} ${layer}`,
    `norm ${row} ${timestep}`,
  ];
  switch (phase) {
    case "forward":
      if (tensor === "input" && layer === 0) return { kind: "lasts", through: [] };
      if (discarded) return { kind: "pends", at: step };
      return tensor === "preActivation" && site.value !== "NaN"
        ? { kind: "pends", at: gate }
        : { kind: "lasts", through: [gate] };
    case "normalise":
      if (discarded && loss.padding === "masked") return { kind: "dropped" };
      return tensor.endsWith("SumOfSquares") && site.value !== "NaN"
        ? { kind: "pends", at: norm }
        : { kind: "lasts", through: [norm] };
    default:
      if (tensor !== "outputGradient") return { kind: "lasts", through: discarded ? [step] : [] };
      return discarded ? { kind: "dropped" } : { kind: "lasts", through: [norm] };
  }
}
