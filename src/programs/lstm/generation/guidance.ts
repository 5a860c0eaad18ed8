import type { Guidance, Rung } from "../../generating.ts";
import { COLDEST } from "../../generating.ts";

/**
 * After `step` steps a case goes on when it is as hot as nearly all cases are by then that die later, in whatever domain:
 * overflow is at 38.5.
 */
export const LADDER: readonly Rung[] = [
  { step: 3, heat: 1.2 },
  { step: 5, heat: 4 },
  { step: 8, heat: 10 },
  { step: 12, heat: 14 },
  { step: 25, heat: 17 },
  { step: 50, heat: 20 },
  { step: 100, heat: 22 },
  { step: 200, heat: 24 },
];

/** Settings of a guided hunt of the LSTM; docs/hunt.md has the experiments that chose the numbers. */
export const guidance: Guidance = { round: 128, ladder: LADDER, quiet: 1024, pool: 16, leastHeat: COLDEST };
