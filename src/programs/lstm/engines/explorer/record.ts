import { GAUGES, type StepRecord } from "../../../stepRecord.ts";
import type { LayerGaugeNames } from "../gauges.ts";
import type { Machine } from "./machine.ts";
import { RESULTS } from "./planFields.ts";

/** The norm for a float64 sum of squares. */
function norm(squares: number): number {
  return Math.fround(Math.sqrt(squares));
}

/**
 * Reads the record of a step out of the arena. Norms come from float64 sums of squares: these do not overflow.
 * @param names Of the gauges of the layers, in their order.
 */
export function readRecord(
  machine: Machine,
  step: number,
  skipped: boolean,
  names: LayerGaugeNames,
): StepRecord {
  const rawSquares = machine.result(RESULTS.rawSquares);
  const appliedSquares = machine.result(RESULTS.appliedSquares);
  const weightSquares = machine.result(RESULTS.weightSquares);
  const cosineDistance = machine.result(RESULTS.cosineDistance);
  const regulariser = machine.result(RESULTS.regulariser);
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
    const at = machine.fixed.parameters[l];
    if (own === undefined || at === undefined) continue;
    gauges[own.maxCell] = machine.maximum(at.cellMaxima);
    gauges[own.maxHidden] = machine.maximum(at.hiddenMaxima);
    gauges[own.gradientNorm] = norm(machine.result(RESULTS.layerSquares + 8 * l));
    gauges[own.maxWeight] = machine.maximum(at.weightMaxima);
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
      moments: Number.isFinite(machine.maximum(machine.fixed.results + RESULTS.moments)),
    },
    skipped,
  };
}
