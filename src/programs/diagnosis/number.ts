import type { TraceOperation, TraceValue } from "../trace/trace.ts";

/** The largest number of the types of fewer or more bits than float32, by the names of safetensors. */
const LIMITS: Readonly<Record<string, number>> = { F16: 65504, F64: Number.MAX_VALUE };

/** The largest number that float32 holds. */
export const FLOAT32_LIMIT = 3.4028234663852886e38;

const NAMES: Readonly<Record<string, string>> = { F16: "float16", BF16: "bfloat16", F64: "float64" };

/** The largest number that a value's type holds. */
export function limitOf(dtype: string): number {
  return LIMITS[dtype] ?? FLOAT32_LIMIT;
}

/** The name of a value's type, and its largest number: `float32 (3.4e+38)`. */
export function typeOf(dtype: string): string {
  const limit = dtype === "F16" ? "65504" : limitOf(dtype).toPrecision(2);
  return `${NAMES[dtype] ?? "float32"} (${limit})`;
}

/** The type of an operation's first output that is not finite, or of its first. */
export function outputType({ outputs, bad }: TraceOperation): string {
  return (outputs[bad?.output ?? 0] ?? outputs[0])?.dtype ?? "F32";
}

/** A number as a sentence has it: three digits, and an exponent where it is long. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) < 1e6 ? String(rounded) : rounded.toExponential();
}

/** The magnitude of an input in words: its number at the bad place, or its largest magnitude. */
export function magnitudeOf(input: TraceValue | undefined, operand: number | null | undefined): string {
  if (operand !== null && operand !== undefined) return shown(operand);
  return input === undefined ? "a number" : `at most ${shown(input.max)} in magnitude`;
}
