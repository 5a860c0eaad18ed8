import { UnsupportedCaseError, UsageError } from "../documents/errors.ts";
import type { Engine } from "../programs/lstm/engines/engine.ts";
import type { CaseSpace } from "../programs/lstm/generation/caseMaker.ts";
import { checkLargest, largestCase } from "../programs/lstm/generation/largest.ts";

/**
 * Checks before a hunt that even the largest case of its domain is a valid one and can be run: else every such case
 * would be told as a crash.
 * @throws UsageError naming what is over its bound.
 */
export function checkDomain(engine: Engine, { domain, base }: Pick<CaseSpace, "domain" | "base">): void {
  checkLargest(domain, base);
  try {
    engine.check?.(largestCase(domain, base));
  } catch (error) {
    if (!(error instanceof UnsupportedCaseError)) throw error;
    throw new UsageError(
      "NANPROOF_E_DOMAIN",
      `the domain's largest case cannot be run: ${error.message}`,
      `narrow the domain: lower units.max, layers.count.max, rows.max or time.max (or, where a flag gives them, the flag); or ${error.hint}`,
    );
  }
}
