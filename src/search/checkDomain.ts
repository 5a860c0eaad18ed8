import { checkLargest, largestCase } from "../cases/arbitrary/largest.ts";
import { UnsupportedCaseError, UsageError } from "../cases/errors.ts";
import type { Engine } from "../training/engine.ts";
import type { CaseSpace } from "./tasks.ts";

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
