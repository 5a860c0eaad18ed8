import { type Invariant, unlessCutShort, violated } from "./invariant.ts";

/** Steps left out in a row after which a run counts as stalled. */
export const SKIPS = 10;

/**
 * Every parameter can still learn. One whose second moment overflowed cannot: divided by infinity, its
 * updates are 0 for ever, though no NaN shows (tfjs's Adam; TF1's makes NaN of it one step later). Nor can any
 * where `skipNonFinite` leaves out ten steps in a row.
 */
export const notStalled: Invariant = {
  name: "not stalled",
  check: (trajectory) => {
    let skips = 0;
    for (const { step, finite, skipped } of trajectory.records) {
      if (!finite.moments)
        return violated(trajectory, step, "a moment of Adam is not finite: its weight is frozen");
      skips = skipped ? skips + 1 : 0;
      if (skips === SKIPS) return violated(trajectory, step, `the last ${SKIPS} updates were left out`);
    }
    return unlessCutShort(trajectory);
  },
};
