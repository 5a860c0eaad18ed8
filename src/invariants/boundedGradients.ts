import { GAUGES, gauge } from "../programs/stepRecord.ts";
import { eachStep, type Invariant } from "./invariant.ts";

/** Below 1.84e19, where a square overflows in Adam's second moment, with some room. */
const GRADIENT_LIMIT = 1e18;

/**
 * The gradient norm, before it is clipped, stays below a limit in every step.
 * @param limit Of the global 2-norm.
 * @throws RangeError when the limit is not over 0.
 */
export function boundedGradients(limit: number = GRADIENT_LIMIT): Invariant {
  if (!(limit > 0)) throw new RangeError(`a gradient limit is ${limit}: give a number over 0`);
  return eachStep(`gradient norm below ${limit}`, (record) => {
    const norm = gauge(record, GAUGES.rawGradientNorm);
    return norm < limit ? null : `the gradient norm is ${norm}, not below ${limit}`;
  });
}
