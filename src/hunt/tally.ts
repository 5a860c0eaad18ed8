import * as z from "zod";
import { workerEndSchema } from "./run/workers/end.ts";

const count = z.int().min(0);

/** A case that cost its worker, or that could not be run: a verdict of its own. */
const lostCase = z.strictObject({
  index: count,
  /** The kind of task that the worker was at. */
  during: z.enum(["run", "capture"]),
  end: z.union([
    workerEndSchema,
    z.strictObject({
      kind: z.literal("failed"),
      message: z.string(),
      /** Its origin, line by line, as a person's own traceback. */
      details: z.array(z.string()).optional(),
    }),
  ]),
});
/** A case that cost its worker, or that could not be run: a verdict of its own. */
export type LostCase = z.infer<typeof lostCase>;

/** The schema of {@link Tally}. */
export const tallySchema = z.strictObject({
  /** Cases run, lost ones included. */
  cases: count,
  steps: count,
  /** Steps x rows x timesteps x parameters of all cases, stopped ones included. */
  work: z.number().min(0),
  deaths: count,
  /** Cases that were varied from hot ones. */
  varied: count.optional(),
  /** Deaths by signature; those whose cause is not known are under "unexplained". */
  bySignature: z.record(z.string(), z.int().min(1)),
  /** Cases stopped at the deadline for one case. */
  overdue: count,
  lost: z.array(lostCase),
  /** The hottest case that has not died; null before the first. */
  hottest: z.strictObject({ index: count, heat: z.number() }).nullable(),
});
/** The counts of a hunt. */
export type Tally = z.infer<typeof tallySchema>;

/** The name under which deaths of unknown cause are counted. */
export const UNEXPLAINED = "unexplained";

/** A tally of nothing. */
export function emptyTally(): Tally {
  return { cases: 0, steps: 0, work: 0, deaths: 0, bySignature: {}, overdue: 0, lost: [], hottest: null };
}

/** Adds a case that was lost; they are in the order of the cases, whichever came out first. */
export function addLost(tally: Tally, lost: LostCase): void {
  const after = tally.lost.findIndex(({ index }) => index > lost.index);
  tally.lost.splice(after < 0 ? tally.lost.length : after, 0, lost);
}
