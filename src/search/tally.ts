import type { HuntTask } from "./tasks.ts";
import type { WorkerEnd } from "./workers/end.ts";

/** A case that cost its worker, or that could not be run: a verdict of its own. */
export interface LostCase {
  index: number;
  /** What the worker was at. */
  during: HuntTask["kind"];
  end: WorkerEnd | { kind: "failed"; message: string };
}

/** What a hunt has counted. */
export interface Tally {
  /** Cases run, lost ones included. */
  cases: number;
  steps: number;
  /** Steps x rows x timesteps x parameters of all cases, stopped ones included. */
  work: number;
  deaths: number;
  /** Deaths by signature; those whose cause going over the step again did not show are under "unexplained". */
  bySignature: Record<string, number>;
  /** Cases stopped at the deadline for one case. */
  overdue: number;
  lost: LostCase[];
  /** The hottest case that has not died; null before the first. */
  hottest: { index: number; heat: number } | null;
}

/** Where deaths are counted whose cause did not show. */
export const UNEXPLAINED = "unexplained";

/** A tally of nothing. */
export function emptyTally(): Tally {
  return { cases: 0, steps: 0, work: 0, deaths: 0, bySignature: {}, overdue: 0, lost: [], hottest: null };
}
