import { UsageError } from "../../../documents/errors.ts";
import { describeIssues } from "../../../documents/schemaIssues.ts";
import type { Domain } from "../cases/domains.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { trainingCaseSchema } from "../cases/trainingCase.ts";

/**
 * Checks once, and not at every draw, that even the largest case of a domain is a valid one.
 * @throws UsageError naming the field that is over its bound.
 */
export function checkLargest(domain: Domain, base: TrainingCase): void {
  const largest = largestCase(domain, base);
  const result = trainingCaseSchema.safeParse(largest);
  if (result.success) return;
  throw new UsageError(
    "NANPROOF_E_DOMAIN",
    `the domain's largest case is no valid one: ${describeIssues(largest, result.error.issues)}`,
    "narrow the domain",
  );
}

/** The case in which everything that a domain draws is as large as it gets. */
export function largestCase(domain: Domain, base: TrainingCase): TrainingCase {
  const { layers } = base.model;
  const count = domain.layers?.count.max ?? layers.length;
  const own = layers.map((layer) => layer.units);
  const top = domain.layers ? Math.max(...own) : (own.at(-1) ?? 1);
  const row = { length: domain.time.max, padding: "after", holes: [], zeroTargets: [] } as const;
  const rows = Array.from({ length: domain.rows.max }, () => ({ ...row, holes: [], zeroTargets: [] }));
  return {
    ...base,
    model: {
      ...base.model,
      inputs: domain.inputs?.max ?? domain.units?.max ?? top,
      layers: Array.from({ length: count }, (_, l) => ({
        units: domain.units?.max ?? own[l % own.length] ?? 1,
        activation: "tanh",
      })),
    },
    init: { kind: "glorot", seed: "1", scale: 1 },
    data: {
      kind: "synthetic",
      seed: "1",
      inputScale: 1,
      masked: true,
      batches: Array.from({ length: domain.batches.max }, () => ({ time: domain.time.max, rows })),
    },
    steps: domain.steps.max,
  };
}
