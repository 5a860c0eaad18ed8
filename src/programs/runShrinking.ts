import type { Diagnosis } from "./death.ts";

/** The share that a cut takes away: `wide` a half at least, of everything at once; `fine` whatever there is to take. */
export type Grain = "wide" | "fine";

/** One way of making a run smaller. */
export interface RunCut<Case = unknown> {
  name: string;
  /** Cases to try, the widest cut first; none that is no case. Each is a run of its own, for good or ill. */
  cases(best: Case, grain: Grain): Case[];
}

/** The way in which runs of a program are made smaller, from their start. */
export interface RunShrinking<Case = unknown, D extends Diagnosis = Diagnosis> {
  /** Cuts to try, widest first. The steps are cut by the search itself, by drawing more starts. */
  cuts: readonly RunCut<Case>[];
  /** The program's one total order of cases: below 0 where the first is simpler. */
  compare(a: Case, b: Case): number;
  /** True of two deaths that are the same, but for what a cut may take away. */
  sameWay(a: D, b: D): boolean;
  /** The seed of the case's start; null where it starts from given numbers. */
  seedOf(testCase: Case): string | null;
  /** The case with another start, where it has a seed. */
  withSeed(testCase: Case, seed: string): Case;
  stepsOf(testCase: Case): number;
  withSteps(testCase: Case, steps: number): Case;
}
