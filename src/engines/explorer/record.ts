import type { StepRecord } from "../../training/stepRecord.ts";
import type { Machine } from "./machine.ts";
import { RESULTS } from "./planFields.ts";

/** The norm for a float64 sum of squares. */
function norm(squares: number): number {
  return Math.fround(Math.sqrt(squares));
}

/** Reads what a step left in the arena. Norms come from float64 sums of squares: these do not overflow. */
export function readRecord(machine: Machine, step: number, skipped: boolean): StepRecord {
  const rawSquares = machine.result(RESULTS.rawSquares);
  const weightSquares = machine.result(RESULTS.weightSquares);
  const cosineDistance = machine.result(RESULTS.cosineDistance);
  const regulariser = machine.result(RESULTS.regulariser);
  const loss = Math.fround(cosineDistance + regulariser);
  return {
    step,
    loss,
    cosineDistance,
    regulariser,
    rawGradientNorm: norm(rawSquares),
    appliedGradientNorm: norm(machine.result(RESULTS.appliedSquares)),
    weightNorm: norm(weightSquares),
    layers: machine.fixed.parameters.map(({ cellMaxima, hiddenMaxima, weightMaxima }, l) => ({
      maxCell: machine.maximum(cellMaxima),
      maxHidden: machine.maximum(hiddenMaxima),
      gradientNorm: norm(machine.result(RESULTS.layerSquares + 8 * l)),
      maxWeight: machine.maximum(weightMaxima),
    })),
    finite: {
      loss: Number.isFinite(loss),
      gradients: Number.isFinite(rawSquares),
      weights: Number.isFinite(weightSquares),
      moments: Number.isFinite(machine.maximum(machine.fixed.results + RESULTS.moments)),
    },
    skipped,
  };
}
