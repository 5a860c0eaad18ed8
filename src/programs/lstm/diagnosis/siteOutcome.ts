import type { Batch } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Site } from "./site.ts";
import type { TensorName } from "./trace.ts";

/**
 * The outcome of a non-finite value: it lasts, pends until a later value decides, or is dropped. One that ends without
 * harm must not be taken for the cause of a death elsewhere:
 *
 * - a pre-activation of +-Infinity saturates its gate, or a cell clip takes it in; it counts where
 *   cell, output or its own gradient (0 * Infinity) is not finite at the same row, timestep and layer;
 * - a sum of squares of Infinity makes a unit vector of zeros; that of an output counts where the
 *   output's gradient is not finite;
 * - the gradient of an output past its row's end, and with masked padding all that the loss makes
 *   there, is dropped by a select whatever it is;
 * - a gradient of +-Infinity is held by a gradient clip, which lets NaN through, on its way from the output, the
 *   hidden values and the cells of a layer to its pre-activations; it counts where one of those is not finite, at
 *   its row, at any timestep;
 * - a gradient of +-Infinity is made finite where the optimizer clips each gradient by value, which lets NaN through; it
 *   counts where a NaN comes of it in the backward pass, or a clipped gradient is not finite.
 *
 * A discarded step has no rule of its own: an infinite cell there always makes 0 * Infinity.
 */
export type SiteOutcome =
  | ({ kind: "lasts" } & Origin)
  | ({ kind: "pends"; at: string } & Origin)
  | { kind: "dropped" };

interface Origin {
  /** Keys of the pending values that may have led to this one, the earliest first. */
  through?: readonly string[];
}

/** Key of the pending gradients that clipping by value will make finite. */
const CLIPPED = "clipped by value";

/** The outcome of the non-finite value at a site. */
export function siteOutcome(site: Site, { loss, model, optimizer }: TrainingCase, batch: Batch): SiteOutcome {
  const { phase, tensor, timestep, layer, row, value } = site;
  const isClipped = optimizer.clip.kind === "value" && value !== "NaN";
  if (timestep === null) {
    if (phase === "backward" && isClipped) return { kind: "pends", at: CLIPPED };
    return phase === "backward" || phase === "clip"
      ? { kind: "lasts", through: [CLIPPED] }
      : { kind: "lasts" };
  }
  const ended = timestep >= (batch.lengths[row] ?? 0);
  const gate = `gate ${row} ${timestep} ${layer}`;
  const sumOf = (name: TensorName) => `${name} ${row} ${timestep}`;
  if (phase === "forward") {
    if (tensor === "preActivation" && value !== "NaN") return { kind: "pends", at: gate };
    return { kind: "lasts", through: [gate] };
  }
  if (phase === "normalise") {
    if (ended && loss.padding === "masked") return { kind: "dropped" };
    if (tensor.endsWith("SumOfSquares") && value !== "NaN") return { kind: "pends", at: sumOf(tensor) };
    return { kind: "lasts" };
  }
  if (tensor === "outputGradient" && ended) return { kind: "dropped" };
  const rowGradients = `gradients ${row} ${layer ?? model.layers.length - 1}`;
  if (isClipped) return { kind: "pends", at: CLIPPED, through: [rowGradients] };
  if (tensor === "preActivationGradient") return { kind: "lasts", through: [gate, rowGradients, CLIPPED] };
  const through =
    tensor === "outputGradient" ? [sumOf("outputSumOfSquares"), CLIPPED] : [rowGradients, CLIPPED];
  const isHeld = model.gradientClip !== undefined && value !== "NaN";
  return isHeld ? { kind: "pends", at: rowGradients, through } : { kind: "lasts", through };
}
