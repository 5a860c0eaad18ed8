import type { Site } from "./site.ts";

/**
 * The cause of a training step's death, known by its first non-finite value that lasts; mechanismTable.ts has each in words.
 * Real runs die of the first seven; the rest are planted by data or by a naive loss.
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
  | "zero-over-zero"
  | "zero-norm-division"
  | "regulariser-overflow"
  | "non-finite-input"
  | "non-finite-target"
  | "non-finite-padding"
  | "non-finite-weight";

/** Facts that the classification needs besides the site itself. */
export interface Surroundings {
  /** Length of the site's row, where the site has a timestep. */
  rowLength: number;
  /** True where the row's states had grown over its timesteps before the site. */
  grown: boolean;
  /** True where the squares of the vector that is normalised at the site sum to 0. */
  zeroNorm: boolean;
  /** True where both of Adam's moments are 0 for the parameter at the site. */
  zeroMoments: boolean;
}

/** The mechanism that a first non-finite site belongs to. */
export function mechanismOf(site: Site, around: Surroundings): Mechanism {
  switch (site.phase) {
    case "forward":
      if (site.timestep === null) return "non-finite-weight";
      if (site.tensor === "input" && site.layer === 0)
        return isPadding(site, around) ? "non-finite-padding" : "non-finite-input";
      if (site.timestep >= around.rowLength) return "discarded-step-overflow";
      return around.grown ? "recurrence-overflow" : "input-overflow";
    case "normalise":
      if (site.tensor === "target")
        return isPadding(site, around) ? "non-finite-padding" : "non-finite-target";
      if (site.tensor === "regulariser" || site.tensor === "loss") return "regulariser-overflow";
      return around.zeroNorm ? "zero-norm-division" : "sum-of-squares-overflow";
    case "backward":
      return site.tensor === "outputGradient" && around.zeroNorm ? "zero-norm-division" : "backward-overflow";
    case "clip":
      return "non-finite-clip-norm";
    case "update":
      if (site.value === "NaN" && site.tensor.startsWith("updated") && around.zeroMoments)
        return "zero-over-zero";
      return site.tensor === "kernelSecondMoment" || site.tensor === "biasSecondMoment"
        ? "second-moment-overflow"
        : "update-overflow";
  }
}

/** True where the site lies past the end of its row. */
function isPadding({ timestep }: Site, { rowLength }: Surroundings): boolean {
  return timestep !== null && timestep >= rowLength;
}
