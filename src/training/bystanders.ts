import type { Batch } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Site } from "./site.ts";
import type { TensorName } from "./trace.ts";

/**
 * Whether a non-finite value lasts. One that ends without harm must not be taken for the cause of a
 * death elsewhere:
 *
 * - a pre-activation of +-Infinity saturates its gate, or a cell clip takes it in; it counts where
 *   cell, output or its own gradient (0 * Infinity) is not finite at the same row, timestep and layer;
 * - a sum of squares of Infinity makes a unit vector of zeros; that of an output counts where the
 *   output's gradient is not finite;
 * - the gradient of an output past its row's end, and with masked padding all that the loss makes
 *   there, is dropped by a select whatever it is.
 *
 * A discarded step has no rule of its own: an infinite cell there always makes 0 * Infinity.
 */
export type Fate =
  | { kind: "lasts" /** The pending value that has led to it, if there is one there. */; through?: string }
  | { kind: "pends"; at: string }
  | { kind: "dropped" };

/** What becomes of the non-finite value at a site. */
export function fateOf(site: Site, { loss }: TrainingCase, batch: Batch): Fate {
  const { phase, tensor, timestep, layer, row, value } = site;
  if (timestep === null) return { kind: "lasts" };
  const ended = timestep >= (batch.lengths[row] ?? 0);
  const gate = `gate ${row} ${timestep} ${layer}`;
  const sumOf = (name: TensorName) => `${name} ${row} ${timestep}`;
  if (phase === "forward") {
    if (tensor === "preActivation" && value !== "NaN") return { kind: "pends", at: gate };
    return { kind: "lasts", through: gate };
  }
  if (phase === "normalise") {
    if (ended && loss.padding === "masked") return { kind: "dropped" };
    if (tensor.endsWith("SumOfSquares") && value !== "NaN") return { kind: "pends", at: sumOf(tensor) };
    return { kind: "lasts" };
  }
  if (tensor === "outputGradient")
    return ended ? { kind: "dropped" } : { kind: "lasts", through: sumOf("outputSumOfSquares") };
  return tensor === "preActivationGradient" ? { kind: "lasts", through: gate } : { kind: "lasts" };
}
