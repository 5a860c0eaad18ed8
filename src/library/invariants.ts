import { boundedGradients as bounded } from "../invariants/boundedGradients.ts";
import { finiteGradients as gradients } from "../invariants/finiteGradients.ts";
import { finiteLoss as loss } from "../invariants/finiteLoss.ts";
import { finiteWeights as weights } from "../invariants/finiteWeights.ts";
import type { Invariant } from "../invariants/invariant.ts";
import { notStalled as stalled } from "../invariants/notStalled.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { clippedGradients as clipped } from "../programs/lstm/invariants/clippedGradients.ts";
import { lossInRange as range } from "../programs/lstm/invariants/lossInRange.ts";
import type { Trajectory } from "../programs/trajectory.ts";
import { checked, isObject, thing } from "./check.ts";
import { isStepRecord } from "./run.ts";
import { checkedShape } from "./testCases.ts";

const trajectories = thing<Trajectory>(
  (value) =>
    isObject(value) &&
    ["completed", "failed", "interrupted"].includes(value.status as string) &&
    Number.isInteger(value.steps) &&
    Array.isArray(value.records) &&
    value.records.every(isStepRecord),
  "what run comes to",
);

/** The invariant, which looks at what it is given. */
const looking = ({ name, check }: Invariant): Invariant => ({
  name,
  check: (trajectory: Trajectory, testCase: TrainingCase) =>
    check(checked(trajectories, trajectory, "trajectory"), checkedShape(testCase)),
});

/** The loss of every step is finite. */
export const finiteLoss = looking(loss);
/** Every gradient is finite before it is clipped; of a step that `skipNonFinite` leaves out too. */
export const finiteGradients = looking(gradients);
/** Every kernel and bias is finite after every update. */
export const finiteWeights = looking(weights);
/**
 * A cosine distance lies in [0, 2], and so does a mean of them. Summed along time and not along the
 * embedding it is no cosine distance and leaves that range.
 */
export const lossInRange = looking(range);
/**
 * Every parameter can still learn. One whose second moment overflowed cannot: divided by infinity, its
 * updates are 0 for ever, though no NaN shows. Nor can any where `skipNonFinite` leaves out ten steps in a row.
 */
export const notStalled = looking(stalled);
/**
 * The gradient that the optimizer is given is no longer than the clip allows: the limit itself where the norm is clipped,
 * sqrt(parameters) times it where values are. Holds where nothing is clipped; skipped steps give it nothing.
 */
export const clippedGradients = looking(clipped);

/**
 * The gradient norm, before it is clipped, stays below a limit in every step.
 * @param limit Of the global 2-norm; 1e18 where it is left out.
 * @throws UsageError when the limit is not over 0.
 */
export function boundedGradients(limit?: number): Invariant {
  return looking(bounded(limit));
}
