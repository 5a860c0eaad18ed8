import { eachStep } from "../../../invariants/invariant.ts";
import { GAUGES, gauge } from "../../stepRecord.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { parameterCount } from "../cases/shapes.ts";

/** Rounding of a norm that is clipped in float32, relative. */
const ROUNDING = 1e-5;

/**
 * The gradient that the optimizer is given is no longer than the clip allows: the limit itself where the norm is clipped,
 * sqrt(parameters) times it where values are. Holds where nothing is clipped; skipped steps give it nothing.
 */
export const clippedGradients = eachStep(
  "gradient norm within the clip",
  (record, testCase: TrainingCase) => {
    const norm = gauge(record, GAUGES.appliedGradientNorm);
    const limit = largestNorm(testCase);
    if (record.skipped || norm <= limit * (1 + ROUNDING)) return null;
    if (limit === Number.POSITIVE_INFINITY) return null;
    return `the clipped gradient has norm ${norm}, over ${limit}`;
  },
);

function largestNorm({ optimizer: { clip }, model }: TrainingCase): number {
  if (clip.kind === "none") return Number.POSITIVE_INFINITY;
  return clip.kind === "value" ? clip.limit * Math.sqrt(parameterCount(model)) : clip.limit;
}
