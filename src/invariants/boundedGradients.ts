import { UsageError } from "../documents/errors.ts";
import { shown } from "../documents/fieldName.ts";
import { GAUGES, gauge } from "../programs/stepRecord.ts";
import { eachStep, type Invariant } from "./invariant.ts";

/** Below 1.84e19, where a square overflows in Adam's second moment, with some room. */
const GRADIENT_LIMIT = 1e18;

/**
 * The gradient norm, before it is clipped, stays below a limit in every step.
 * @param limit Of the global 2-norm.
 * @throws UsageError when the limit is no number over 0.
 */
export function boundedGradients(limit: number = GRADIENT_LIMIT): Invariant {
  if (typeof limit !== "number" || !(limit > 0))
    throw new UsageError(
      "NANPROOF_E_ARGUMENT",
      `limit is ${shown(limit)}: give a number over 0`,
      `leave it out for ${GRADIENT_LIMIT}`,
    );
  return eachStep(`gradient norm below ${limit}`, (record) => {
    const norm = gauge(record, GAUGES.rawGradientNorm);
    return norm < limit ? null : `the gradient norm is ${norm}, not below ${limit}`;
  });
}
