import type { Answer } from "./session.ts";

/**
 * The scope in which a fix takes effect. One that acts within a `step` changes what a given state and batch compute,
 * so the fatal step alone can tell whether it helps; one that acts through `training` changes which
 * states are reached, which only a run from its start can tell.
 */
export type FixScope = "step" | "training";

/** A remedy: a pure function from a case to the case that has it. */
export interface Fix<Case = unknown> {
  name: string;
  /** `as-changed`: depends, for each case, on what the fix changes in it (`scopesOf`). */
  acts: FixScope | "as-changed";
  /** The change that it makes, for a person. */
  description: string;
  apply(testCase: Case): Answer<Case>;
}

/** The remedies of a program. */
export interface Remedies<Case = unknown> {
  /** Every known fix, in the order in which they are tried and named. */
  fixes: readonly Fix<Case>[];
  /**
   * The fix of a name, or the one in a person's file.
   * @throws UsageError when it is neither.
   */
  find(nameOrPath: string): Promise<Fix<Case>>;
  /** The scopes in which a change of a case takes effect. Empty where nothing was changed. */
  scopesOf(before: Case, after: Case): FixScope[];
  /** True of a change that makes another task of a case, whose loss is no measure of the one before; none does where this is left out. */
  changesWhatIsTrained?(before: Case, after: Case): boolean;
  /** The same run from other seeds, of its start and of its data as far as that is drawn; left out where there are none. */
  sibling?(testCase: Case, seed: string): Case;
  /** The case as it is judged: no step is left out, so that a non-finite value in one counts. */
  judged(fixed: Case): Case;
}
