import type { Comparison } from "../recordings/compare.ts";

/** One line a recording. */
export function comparisonLine({
  name,
  agree,
  steps,
  maxRelativeError,
  firstDisagreement: found,
  fatalLoss,
}: Comparison): string {
  const error = `largest relative error ${maxRelativeError.toExponential(1)}`;
  const count = `${steps} ${steps === 1 ? "step" : "steps"}`;
  const death = fatalLoss === null ? "" : `; the weights die at step ${steps}, loss ${fatalLoss}`;
  if (agree || found === null) return `agrees     ${name}: ${count}, ${error}${death}`;
  const step = found.step === null ? "at the end" : `at step ${found.step}`;
  const tolerance = found.tolerance === undefined ? "" : `, tolerance ${found.tolerance}`;
  return `disagrees  ${name}: ${step}, ${found.quantity}: expected ${found.expected}, got ${found.actual}${tolerance}`;
}

/** An entry of the JSON document of `nanproof compare`. */
export function comparisonJson({ fatalLoss: _, ...comparison }: Comparison) {
  return comparison;
}
