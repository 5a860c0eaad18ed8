import type { Site } from "./site.ts";

/**
 * What kills a training step. The first seven are what real runs die of; the rest are planted by
 * data or by a naive loss.
 *
 * | mechanism | first non-finite value that lasts |
 * |---|---|
 * | recurrence-overflow | forward: a state that grew over the timesteps of a row, or its product with the recurrent weights, passes 3.4e38 |
 * | discarded-step-overflow | forward: the step of a row that has ended, computed and thrown away |
 * | input-overflow | forward: a product overflows with no growth over timesteps before it: the data, the depth or one weight |
 * | sum-of-squares-overflow | normalise: sum x^2 of an output, each entry finite, where NaN comes of it (alone it makes zeros, as it does of a target) |
 * | backward-overflow | backward: a gradient, with a finite forward pass |
 * | non-finite-clip-norm | clip: the float32 global norm of finite gradients |
 * | second-moment-overflow | update: g^2 in Adam's second moment, from a finite gradient |
 * | update-overflow | update: a weight or first moment |
 * | zero-norm-division | normalise: a vector whose squares sum to 0 (all zero, or all below 3.7e-23) over its norm; or backward: the gradient of that norm, where the division itself was kept finite (`epsilon`) |
 * | regulariser-overflow | normalise: the sum of squared weights, or the loss it is added to |
 * | non-finite-input, non-finite-target, non-finite-weight | what the step was given was not finite |
 *
 * Growth is asked for over timesteps and of one layer, because a deep stack or a large input
 * overflows at the first timestep already, where no recurrence has been at work, and there other
 * remedies help.
 */
export type Mechanism =
  | "recurrence-overflow"
  | "discarded-step-overflow"
  | "input-overflow"
  | "sum-of-squares-overflow"
  | "backward-overflow"
  | "non-finite-clip-norm"
  | "second-moment-overflow"
  | "update-overflow"
  | "zero-norm-division"
  | "regulariser-overflow"
  | "non-finite-input"
  | "non-finite-target"
  | "non-finite-weight";

/** What the classification looks at besides the site itself. */
export interface Surroundings {
  /** Length of the site's row, where the site has a timestep. */
  rowLength: number;
  /** Whether the row's states had grown over its timesteps when the site came. */
  grown: boolean;
  /** Whether the squares of the vector that is normalised at the site sum to 0. */
  zeroNorm: boolean;
}

/** The mechanism that a first non-finite site belongs to. */
export function mechanismOf(site: Site, around: Surroundings): Mechanism {
  switch (site.phase) {
    case "forward":
      if (site.timestep === null) return "non-finite-weight";
      if (site.tensor === "input" && site.layer === 0) return "non-finite-input";
      if (site.timestep >= around.rowLength) return "discarded-step-overflow";
      return around.grown ? "recurrence-overflow" : "input-overflow";
    case "normalise":
      if (site.tensor === "target") return "non-finite-target";
      if (site.tensor === "regulariser" || site.tensor === "loss") return "regulariser-overflow";
      return around.zeroNorm ? "zero-norm-division" : "sum-of-squares-overflow";
    case "backward":
      return site.tensor === "outputGradient" && around.zeroNorm ? "zero-norm-division" : "backward-overflow";
    case "clip":
      return "non-finite-clip-norm";
    case "update":
      return site.tensor === "kernelSecondMoment" || site.tensor === "biasSecondMoment"
        ? "second-moment-overflow"
        : "update-overflow";
  }
}
