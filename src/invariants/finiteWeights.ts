import { GAUGES, gauge } from "../programs/stepRecord.ts";
import { eachStep } from "./invariant.ts";

/** Every kernel and bias is finite after every update. */
export const finiteWeights = eachStep("finite weights", (record) =>
  record.finite.weights ? null : `a weight is not finite: the norm is ${gauge(record, GAUGES.weightNorm)}`,
);
