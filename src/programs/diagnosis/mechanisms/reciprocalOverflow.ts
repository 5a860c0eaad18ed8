import { type Judge, overflowed } from "../evidence.ts";
import { magnitudeOf, shown } from "../number.ts";
import { isNegative } from "./divisionByZero.ts";

/** A quotient that overflows, its divisor being tiny and not 0. */
export const reciprocalOverflow: Judge = (evidence) => {
  const { kind, operation, operands } = evidence;
  if (!overflowed(evidence)) return null;
  const [first, second] = operation.inputs;
  if (kind === "divide" || kind === "divideAdd") {
    const divisor = operands[kind === "divide" ? 1 : 2];
    const by = divisor === null || divisor === undefined ? "a tiny number" : shown(divisor);
    const what = kind === "divide" ? magnitudeOf(first, operands[0]) : magnitudeOf(second, operands[1]);
    return { because: `${what}, divided by ${by}, overflows.` };
  }
  const isReciprocal = ["reciprocal", "rsqrt"].includes(kind) || (kind === "power" && isSmallPower(evidence));
  return isReciprocal
    ? { because: `${operation.operation} of ${shown(operands[0] ?? first?.low ?? 0)} overflows.` }
    : null;
};

function isSmallPower(evidence: Parameters<Judge>[0]): boolean {
  const base = evidence.operands[0] ?? evidence.operation.inputs[0]?.max ?? 1;
  return isNegative(evidence) && Math.abs(base) < 1;
}
