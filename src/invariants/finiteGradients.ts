import { eachStep } from "./invariant.ts";

/** Every gradient is finite before it is clipped; of a step that `skipNonFinite` leaves out too. */
export const finiteGradients = eachStep("finite gradients", ({ finite, rawGradientNorm }) =>
  finite.gradients ? null : `a gradient is not finite: the norm is ${rawGradientNorm}`,
);
