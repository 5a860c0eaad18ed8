import { GAUGES, gauge } from "../programs/stepRecord.ts";
import { eachStep } from "./invariant.ts";

/** Every gradient is finite before it is clipped; of a step that `skipNonFinite` leaves out too. */
export const finiteGradients = eachStep("finite gradients", (record) =>
  record.finite.rawGradients
    ? null
    : `a gradient is not finite: the norm is ${gauge(record, GAUGES.rawGradientNorm)}`,
);
