import { eachStep } from "../../../invariants/invariant.ts";
import { gauge } from "../../stepRecord.ts";

/** Rounding of a float32 mean of some thousand distances. */
const ROUNDING = 1e-5;

/**
 * A cosine distance lies in [0, 2], and so does a mean of them. Summed along time and not along the
 * embedding it is no cosine distance and leaves that range.
 */
export const lossInRange = eachStep("cosine distance in [0, 2]", (record) => {
  const distance = gauge(record, "cosineDistance");
  return distance >= -ROUNDING && distance <= 2 + ROUNDING ? null : `the cosine distance is ${distance}`;
});
