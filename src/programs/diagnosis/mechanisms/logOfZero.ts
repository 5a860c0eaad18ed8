import type { Judge } from "../evidence.ts";
import { shown } from "../number.ts";

/** The logarithm of exactly 0. */
export const logOfZero: Judge = ({ kind, value, operands, operation, given }) => {
  if (given !== null || kind !== "log" || Number.isNaN(value) || operation.inputs.some(({ inf }) => inf > 0))
    return null;
  const [operand] = operands;
  return { because: `${operation.operation} of ${shown(operand ?? 0)} is ${value}.` };
};
