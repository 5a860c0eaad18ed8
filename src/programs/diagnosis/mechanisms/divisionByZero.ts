import { type Judge, mayBeZero, overflowed } from "../evidence.ts";
import { magnitudeOf } from "../number.ts";

/** A number that is not 0, over exactly 0; a reciprocal or a negative power of 0. */
export const divisionByZero: Judge = (evidence) => {
  const { kind, operation, operands } = evidence;
  if (!overflowed(evidence)) return null;
  const [first, second] = operation.inputs;
  if (kind === "divide" && mayBeZero(evidence, 1))
    return { because: `${magnitudeOf(first, operands[0])} is divided by 0.` };
  if (kind === "divideAdd" && mayBeZero(evidence, 2))
    return { because: `${magnitudeOf(second, operands[1])} is divided by 0.` };
  const isReciprocal = ["reciprocal", "rsqrt"].includes(kind) || (kind === "power" && isNegative(evidence));
  return isReciprocal && mayBeZero(evidence, 0)
    ? { because: `${operation.operation} of 0 is Infinity.` }
    : null;
};

/** True where a power's exponent is, or may be, below 0. */
export function isNegative({ operation, operands }: Parameters<Judge>[0]): boolean {
  const exponent = operands[1] ?? operation.inputs[1]?.low ?? numberIn(operation.attributes);
  // A power of 0 that is infinite can have no other exponent.
  return exponent === null || exponent < 0;
}

function numberIn(attributes: Record<string, unknown> | undefined): number | null {
  const found = [attributes?.exponent, attributes?.y].find((value) => typeof value === "number");
  return typeof found === "number" ? found : null;
}
