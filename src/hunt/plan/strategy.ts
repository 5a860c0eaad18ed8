import type { CaseRef, Rung } from "../../programs/generating.ts";
import type { RanCase } from "../run/tasks.ts";

/** Every search strategy, by the name that `--strategy` takes. */
export const STRATEGY_NAMES = ["guided", "random"] as const;
/** One of {@link STRATEGY_NAMES}. */
export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** The plan for the case at an index: its parent, and the rungs that it must reach to run on. */
export interface Plan {
  /** The case that it is a mutant of; null for a fresh one. */
  parent: unknown;
  rungs: readonly Rung[];
}

/**
 * Says what case to try next. It learns in the order of the cases, and plans for a case before the ones
 * just before it are in, so that many can run at a time and the search is still the same for any number of workers.
 */
export interface Strategy {
  /** Null until more outcomes have been learned. */
  plan(index: number): Plan | null;
  /** Takes the outcomes one by one, in the order of their cases; null for a case that was lost. */
  learn(ref: CaseRef, ran: RanCase | null): void;
  /** Everything it has learned, as JSON, to go on from. */
  state(): unknown;
}

/** Cases as they are drawn, each to its end. */
export function randomStrategy(): Strategy {
  return { plan: () => ({ parent: null, rungs: [] }), learn: () => {}, state: () => null };
}
