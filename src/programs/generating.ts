/** A case of a hunt: with what makes its cases, it is given by this. */
export interface CaseRef<Case = unknown> {
  /** Counts from 0. */
  index: number;
  /** The case that it is a mutant of; null for a fresh one. */
  parent: Case | null;
}

/** A case is stopped after `step` unless its heat has reached `heat` by then. */
export interface Rung {
  /** Counts from 1. */
  step: number;
  heat: number;
}

/** The numbers of a program's guided hunt; docs/hunt.md has the experiments that chose them. */
export interface Guidance {
  /** Cases that share rungs and parents. */
  round: number;
  /** The rungs at which cold cases are stopped; none where heat does not show which cases die. */
  ladder: readonly Rung[];
  /** Cases without a death after which the hottest are varied. */
  quiet: number;
  /** The most cases that are varied. */
  pool: number;
  /** A case that was not as hot as this is not varied: its heat says nothing. */
  leastHeat: number;
}

/** The values drawn for a case, by label: a number, a word, or the words of which several may hold at once. */
export type Labels = Readonly<Record<string, number | string | readonly string[]>>;

/** The cases of a hunt, each made when it is asked for. */
export interface Cases<Case = unknown> {
  at(ref: CaseRef<Case>): Case;
}

/** The way in which the cases of a hunt are made. */
export interface Generation<Case = unknown> {
  readonly guidance: Guidance;
  /**
   * The cases of a hunt. Each depends on the hunt's seed and its index alone, a mutant also on its parent.
   * @param space What is drawn, as plain data of the program's own.
   */
  cases(space: unknown, seed: string): Cases<Case>;
  /** The values drawn for a case, for statistics. */
  labels(testCase: Case): Labels;
  /**
   * Checks before a hunt that even the largest case can be run by a host of the program.
   * @throws UsageError naming what is over its bound.
   */
  check(host: unknown, space: unknown): void;
}

/** A heat for what is past every float32, and for what is not a number. */
export const HOTTEST = 40;
/** The least heat there is. */
export const COLDEST = -40;
