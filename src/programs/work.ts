import type { Host } from "./program.ts";

/**
 * The most work that one run of a fixture is given where nobody says otherwise: a minute or so, and a run of ten million
 * steps of the smallest network is past it.
 */
export const MAX_WORK = 2e11;

/** Steps of a case that an amount of work is enough for. */
export function stepsWithin<Case>(maxWork: number, testCase: Case, host: Host<Case>): number {
  return Math.floor(maxWork / host.program.stepWork(testCase, host));
}
