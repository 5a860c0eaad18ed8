/** A case of a hunt: with what makes its cases, it is given by this. */
export interface CaseRef<Case = unknown> {
  /** Counts from 0. */
  index: number;
  /** The case that it is a mutant of; null for a fresh one. */
  parent: Case | null;
}
