import type { Judge } from "../evidence.ts";
import { shown } from "../number.ts";

/** The logarithm of a number below 0. */
export const logOfNegative: Judge = ({ kind, value, operands, operation, given }) => {
  if (given !== null || kind !== "log" || !Number.isNaN(value)) return null;
  const number = operands[0] ?? operation.inputs[0]?.low ?? Number.NaN;
  return { because: `${operation.operation} of ${shown(number)} is NaN.` };
};
