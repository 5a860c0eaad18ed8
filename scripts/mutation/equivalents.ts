/** Mutants that break nothing, and why. */
export interface Equivalent {
  mutants: readonly string[];
  reason: string;
}

/** Every mutant that no test can notice. One that a test notices after all, or that is made no more, fails the check. */
export const EQUIVALENT: readonly Equivalent[] = [];
