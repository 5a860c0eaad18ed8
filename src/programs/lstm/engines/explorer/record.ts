import { GAUGES, type StepRecord } from "../../../stepRecord.ts";
import type { LayerGaugeNames } from "../gauges.ts";
import type { Arena } from "./arena.ts";
import { RESULTS } from "./planFields.ts";

/** The norm for a float64 sum of squares. */
function norm(squares: number): number {
  return Math.fround(Math.sqrt(squares));
}

/**
 * Reads the record of a step out of the arena. Norms come from float64 sums of squares: these do not overflow.
 * @param names Of the gauges of the layers, in their order.
 */
export function readRecord(arena: Arena, step: number, skipped: boolean, names: LayerGaugeNames): StepRecord {
  const rawSquares = arena.result(RESULTS.rawSquares);
  const appliedSquares = arena.result(RESULTS.appliedSquares);
  const weightSquares = arena.result(RESULTS.weightSquares);
  const cosineDistance = arena.result(RESULTS.cosineDistance);
  const regulariser = arena.result(RESULTS.regulariser);
  const loss = Math.fround(cosineDistance + regulariser);
  const gauges: Record<string, number> = {
    cosineDistance,
    regulariser,
    [GAUGES.rawGradientNorm]: norm(rawSquares),
    [GAUGES.appliedGradientNorm]: norm(appliedSquares),
    [GAUGES.weightNorm]: norm(weightSquares),
  };
  // Written out, though stepGauges does the same: at 16 units a call for each layer shows in the time of a step.
  for (let l = 0; l < names.length; l++) {
    const own = names[l];
    const at = arena.fixed.parameters[l];
    if (own === undefined || at === undefined) continue;
    gauges[own.maxCell] = arena.maximum(at.cellMaxima);
    gauges[own.maxHidden] = arena.maximum(at.hiddenMaxima);
    gauges[own.gradientNorm] = norm(arena.result(RESULTS.layerSquares + 8 * l));
    gauges[own.maxWeight] = arena.maximum(at.weightMaxima);
  }
  return {
    step,
    loss,
    gauges,
    finite: {
      loss: Number.isFinite(loss),
      gradients: Number.isFinite(appliedSquares),
      rawGradients: Number.isFinite(rawSquares),
      weights: Number.isFinite(weightSquares),
      moments: Number.isFinite(arena.maximum(arena.fixed.results + RESULTS.moments)),
    },
    skipped,
  };
}
