import type { CapturedStep } from "../../cases/capturedStep.ts";
import { gateColumns } from "../../cases/gates.ts";
import { layerShapes } from "../../cases/shapes.ts";
import { range } from "./matrix.ts";
import { pickUnits } from "./network.ts";

/** A unit that goes, and how much of the kept unit's hidden state its own is; from -1 to 1. */
export interface Merged {
  unit: number;
  share: number;
}

/**
 * The step with units of a layer merged into one of them, which keeps what leads into it: the weights out of each, times
 * its share, are added to the weights out of the kept one. With shares of at most 1 each sum stays within the sum
 * of the magnitudes.
 */
export function mergeUnits(
  step: CapturedStep,
  layer: number,
  kept: number,
  merged: readonly Merged[],
): CapturedStep {
  const shapes = layerShapes(step.case.model);
  const add = (kernel: Float32Array, columns: number, first: number): Float32Array => {
    const sums = kernel.slice();
    for (let column = 0; column < columns; column++) {
      let sum = kernel[(first + kept) * columns + column] ?? 0;
      for (const { unit, share } of merged) sum += share * (kernel[(first + unit) * columns + column] ?? 0);
      sums[(first + kept) * columns + column] = sum;
    }
    return sums;
  };
  const weights = step.state.weights.map((parameters, l) => {
    const { inputs, units } = shapes[l] ?? { inputs: 0, units: 0 };
    if (l === layer) return { ...parameters, kernel: add(parameters.kernel, gateColumns(units), inputs) };
    if (l === layer + 1) return { ...parameters, kernel: add(parameters.kernel, gateColumns(units), 0) };
    return parameters;
  });
  const gone = new Set(merged.map(({ unit }) => unit));
  const left = range(shapes[layer]?.units ?? 0).filter((unit) => !gone.has(unit));
  return pickUnits({ ...step, state: { ...step.state, weights } }, layer, left);
}
