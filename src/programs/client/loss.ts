import { UsageError } from "../../documents/errors.ts";
import { show } from "./knobChecks.ts";
import { isTensor } from "./tfjs/engine.ts";

/**
 * The loss in what a step gave: a number, a scalar, or a list that begins with one, as `trainOnBatch` gives it with metrics.
 * @throws UsageError when it is none of them.
 */
export function lossOf(result: unknown): number {
  const first = Array.isArray(result) ? result[0] : result;
  if (typeof first === "number") return first;
  if (isTensor(first) && !first.isDisposed && first.shape.every((length) => length === 1))
    return Number(first.dataSync()[0]);
  throw new UsageError(
    "NANPROOF_E_LOSS",
    `the step gave ${isTensor(first) ? describe(first) : show(first)}, which is no loss`,
    "Give the loss back from the step: a scalar tensor that is not disposed of yet, or a number.",
  );
}

function describe({ shape, isDisposed }: { shape: number[]; isDisposed: boolean }): string {
  return isDisposed ? "a tensor that has been disposed of" : `a tensor of shape [${shape}]`;
}
