import { EQUIVALENT } from "./equivalents.ts";
import type { Mutant } from "./mutant.ts";

/** The outcome of a mutant. */
export interface Result {
  mutant: Mutant;
  /** The test file that noticed it and the test in it; null where none did. */
  noticedBy: string | null;
  /** The reason why it breaks nothing; null where none is written down. */
  reason: string | null;
}

/** Reasons by the mutants' names. */
const REASONS = new Map(EQUIVALENT.flatMap(({ mutants, reason }) => mutants.map((id) => [id, reason])));

/** The reason why a mutant breaks nothing; null where none is written down. */
export function reasonFor({ id }: Mutant): string | null {
  return REASONS.get(id) ?? null;
}

/** A result, with the reason that is written down for the mutant. */
export function resultOf(mutant: Mutant, noticedBy: string | null): Result {
  return { mutant, noticedBy, reason: reasonFor(mutant) };
}

/** Survivors: mutants that no test noticed, and that nothing is written about. */
export function survivors(results: readonly Result[]): Result[] {
  return results.filter(({ noticedBy, reason }) => noticedBy === null && reason === null);
}

/** Reasons that are wrong, each with what is wrong about it. */
export function wrongReasons(results: readonly Result[], all: readonly Mutant[]): string[] {
  const noticed = results.flatMap(({ mutant, noticedBy, reason }) =>
    noticedBy !== null && reason !== null
      ? [`${mutant.id}: said to be equivalent, but ${noticedBy} notices`]
      : [],
  );
  const known = new Set(all.map(({ id }) => id));
  const stale = [...REASONS.keys()].filter((id) => !known.has(id));
  return [...noticed, ...stale.map((id) => `${id}: no such mutant is made any more`)];
}
