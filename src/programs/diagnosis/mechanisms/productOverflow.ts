import { type Judge, overflowed } from "../evidence.ts";
import type { Kind } from "../kinds.ts";
import { magnitudeOf, outputType, typeOf } from "../number.ts";

const KINDS: readonly Kind[] = [
  "product",
  "power",
  "sum",
  "mean",
  "add",
  "subtract",
  "cast",
  "softmax",
  "update",
];

/** A product, power, sum or difference of finite numbers. A product of matrices may add infinite numbers up to NaN itself. */
export const productOverflow: Judge = (evidence) => {
  const { kind, operation, operands, value, given, fromInfinity } = evidence;
  const sums = kind === "product" && given === null && !fromInfinity && Number.isNaN(value);
  if (!KINDS.includes(kind) || (!overflowed(evidence) && !sums)) return null;
  const inputs = operation.inputs.slice(0, 2).map((input, at) => magnitudeOf(input, operands[at]));
  return {
    because: `${operation.operation} of ${inputs.join(" and ")} is past ${typeOf(outputType(operation))}.`,
  };
};
