import { eachStep } from "./invariant.ts";

/** The loss of every step is finite. */
export const finiteLoss = eachStep("finite loss", ({ finite, loss }) =>
  finite.loss ? null : `the loss is ${loss}`,
);
