import { eachStep } from "./invariant.ts";

/** Every kernel and bias is finite after every update. */
export const finiteWeights = eachStep("finite weights", ({ finite, weightNorm }) =>
  finite.weights ? null : `a weight is not finite: the norm is ${weightNorm}`,
);
