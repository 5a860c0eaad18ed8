import { type Judge, overflowed } from "../evidence.ts";
import { outputType, shown, typeOf } from "../number.ts";

/** An exponential of a finite number. */
export const expOverflow: Judge = (evidence) => {
  const { kind, operation, operands } = evidence;
  if (kind !== "exp" || !overflowed(evidence)) return null;
  const number = operands[0] ?? operation.inputs[0]?.max ?? Number.NaN;
  return { because: `${operation.operation} of ${shown(number)} is past ${typeOf(outputType(operation))}.` };
};
