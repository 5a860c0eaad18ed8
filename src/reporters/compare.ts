import type { Comparison } from "../fixtures/compare.ts";

/** One line a recording. */
export function comparisonLine({
  name,
  agree,
  steps,
  maxRelativeError,
  firstDisagreement: found,
}: Comparison): string {
  const error = `largest relative error ${maxRelativeError.toExponential(1)}`;
  if (agree || found === null) return `agrees     ${name}: ${steps} steps, ${error}`;
  const step = found.step === null ? "at the end" : `at step ${found.step}`;
  const tolerance = found.tolerance === undefined ? "" : `, tolerance ${found.tolerance}`;
  return `disagrees  ${name}: ${step}, ${found.quantity}: expected ${found.expected}, got ${found.actual}${tolerance}`;
}
