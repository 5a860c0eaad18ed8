import type { Judge } from "../evidence.ts";

/** NaN of infinite numbers, where none of them was made in the step: the program wrote them down. */
export const infinityMinusInfinity: Judge = ({ value, fromInfinity, operation, given }) => {
  if (given !== null || !Number.isNaN(value) || !fromInfinity) return null;
  const count = operation.inputs.reduce((sum, { inf }) => sum + inf, 0);
  return { because: `${operation.operation} was given ${count} infinite numbers and no NaN, and made NaN.` };
};
