import * as z from "zod";

/** A case that came near to overflow and lived. */
export interface HotCase<Case = unknown> {
  /** The index of the fresh case that it descends from. */
  lineage: number;
  heat: number;
  /** Its heats at the rungs that it reached. */
  heats: number[];
  case: Case;
}

/** The schema of hot cases of a program. */
export function hotCaseSchema(caseSchema: z.ZodType) {
  return z.strictObject({
    lineage: z.int().min(0),
    heat: z.number(),
    heats: z.array(z.number()),
    case: caseSchema,
  });
}

/**
 * The pool with a case that lived put in, where it is hot enough: one member a lineage, the hottest first.
 * @param size The most cases in a pool.
 * @param make Makes the case; called only when it is put in.
 */
export function withCase(
  pool: readonly HotCase[],
  candidate: Omit<HotCase, "case">,
  make: () => unknown,
  size: number,
): HotCase[] {
  const relative = pool.find(({ lineage }) => lineage === candidate.lineage);
  const coldest = pool.length < size ? Number.NEGATIVE_INFINITY : (pool.at(-1)?.heat ?? 0);
  if (candidate.heat <= (relative?.heat ?? coldest)) return [...pool];
  return [...pool.filter((member) => member !== relative), { ...candidate, case: make() }]
    .sort((a, b) => b.heat - a.heat || a.lineage - b.lineage)
    .slice(0, size);
}
