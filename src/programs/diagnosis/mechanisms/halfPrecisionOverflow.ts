import { type Evidence, type Judge, overflowed } from "../evidence.ts";
import { FLOAT32_LIMIT, magnitudeOf, outputType } from "../number.ts";

/** A number that float32 would have held, in float16. */
export const halfPrecisionOverflow: Judge = (evidence) => {
  const { operation, operands } = evidence;
  if (!overflowed(evidence) || outputType(operation) !== "F16" || !fitsFloat32(evidence)) return null;
  const inputs = operation.inputs.slice(0, 2).map((input, at) => magnitudeOf(input, operands[at]));
  return {
    because: `${operation.operation} of ${inputs.join(" and ")} is more than 65504, the most of float16.`,
  };
};

/** True where the number would have been one of float32, as far as its operands tell. */
function fitsFloat32({ kind, operands }: Evidence): boolean {
  const [a, b] = operands;
  if (kind === "exp" && typeof a === "number") return Math.exp(a) <= FLOAT32_LIMIT;
  if (typeof a !== "number" || typeof b !== "number") return true;
  if (kind === "product") return Math.abs(a * b) <= FLOAT32_LIMIT;
  if (kind === "divide") return Math.abs(a / b) <= FLOAT32_LIMIT;
  return true;
}
