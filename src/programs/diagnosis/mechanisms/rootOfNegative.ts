import type { Judge } from "../evidence.ts";
import type { Kind } from "../kinds.ts";
import { shown } from "../number.ts";

const ROOTS: readonly Kind[] = ["sqrt", "rsqrt", "power", "arc"];

/** A root, a power or acos outside of its range, whose value is NaN. */
export const rootOfNegative: Judge = ({ kind, value, operands, operation, given, fromInfinity }) => {
  if (given !== null || !ROOTS.includes(kind) || !Number.isNaN(value) || fromInfinity) return null;
  const [input] = operation.inputs;
  const number = operands[0] ?? (kind === "arc" ? input?.max : input?.low) ?? Number.NaN;
  return { because: `${operation.operation} of ${shown(number)} is NaN.` };
};
