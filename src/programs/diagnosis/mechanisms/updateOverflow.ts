import { type Judge, overflowed } from "../evidence.ts";
import { magnitudeOf } from "../number.ts";

/** Anything else that overflows once the gradients are made. */
export const updateOverflow: Judge = (evidence) => {
  const { phase, kind, operation, operands, value, given, fromInfinity } = evidence;
  const isFusedNaN = kind === "update" && given === null && !fromInfinity && Number.isNaN(value);
  if (phase !== "update" || kind === "other" || (!overflowed(evidence) && !isFusedNaN)) return null;
  const inputs = operation.inputs.slice(0, 2).map((input, at) => magnitudeOf(input, operands[at]));
  return { because: `${operation.operation} of ${inputs.join(" and ")} overflows.` };
};
