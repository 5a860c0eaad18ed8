import type { Site } from "./site.ts";

/**
 * What kills a training step. The first seven are what real runs die of; the rest are planted by
 * data or by a naive loss.
 *
 * | mechanism | first non-finite value |
 * |---|---|
 * | recurrence-overflow | forward: a cell that grew over the timesteps of a row passes 3.4e38 |
 * | discarded-step-overflow | forward: the step of a row that has ended, computed and thrown away |
 * | input-overflow | forward: an input product overflows with no growth over timesteps before it |
 * | sum-of-squares-overflow | normalise: sum x^2 of an output or target, each entry finite |
 * | backward-overflow | backward: a gradient, with a finite forward pass |
 * | non-finite-clip-norm | clip: the float32 global norm of finite gradients |
 * | second-moment-overflow | update: g^2 in Adam's second moment, from a finite gradient |
 * | update-overflow | update: a weight or first moment |
 * | zero-norm-division | normalise or backward: a zero vector (or one whose squares underflow) in the loss |
 * | regulariser-overflow | normalise: the sum of squared weights, or the loss it is added to |
 * | non-finite-input, non-finite-target, non-finite-weight | what the step was given was not finite |
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

/** A row counts as grown when its cells exceed its inputs so far by this factor. */
const GROWTH = 1e3;

/** What the classification looks at besides the site itself. */
export interface Surroundings {
  /** Length of the site's row, where the site has a timestep. */
  rowLength: number;
  /** Largest |input of the lowest layer| of the row up to the site. */
  largestInput: number;
  /** Largest finite |cell| or |hidden| of the row at earlier timesteps and lower layers. */
  largestState: number;
  /** Whether an output or target whose gradient or norm is asked for has squares that sum to 0. */
  zeroNorm: boolean;
}

/** The mechanism that a first non-finite site belongs to. */
export function mechanismOf(site: Site, around: Surroundings): Mechanism {
  switch (site.phase) {
    case "forward":
      if (site.timestep === null) return "non-finite-weight";
      if (site.tensor === "input" && site.layer === 0) return "non-finite-input";
      if (site.timestep >= around.rowLength) return "discarded-step-overflow";
      return around.largestState > GROWTH * around.largestInput ? "recurrence-overflow" : "input-overflow";
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
