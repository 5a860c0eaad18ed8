import type { TraceBad, TraceValue } from "../trace/trace.ts";
import { countOf, placesOf, textOf } from "./bounds.ts";

/** The most inputs or outputs that are taken over of an operation. */
const MOST_VALUES = 10_000;

/** An object that JSON holds; null for anything else. */
export function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** The values of an operation that have an id. */
export function asValues(values: unknown): TraceValue[] {
  return Array.isArray(values) ? values.slice(0, MOST_VALUES).flatMap((value) => asValue(value) ?? []) : [];
}

/** The first bad number of an operation, if it says one. */
export function asBad(value: unknown, outputs: number): TraceBad | null {
  const record = asRecord(value);
  const bad = record?.value;
  if (record === null || typeof bad !== "number" || Number.isFinite(bad)) return null;
  const output = countOf(record.output) ?? 0;
  const operands = Array.isArray(record.operands)
    ? record.operands.map((operand) => (typeof operand === "number" ? operand : null))
    : null;
  return { output: output < outputs ? output : 0, index: placesOf(record.index) ?? [], value: bad, operands };
}

function asValue(value: unknown): TraceValue | null {
  const record = asRecord(value);
  const id = countOf(record?.id);
  if (record === null || id === null) return null;
  return {
    id,
    name: textOf(record.name),
    dtype: textOf(record.dtype) ?? "F32",
    shape: placesOf(record.shape) ?? [],
    max: asNumber(record.max, 0),
    low: asNumber(record.low, Number.NaN),
    high: asNumber(record.high, Number.NaN),
    nan: countOf(record.nan) ?? 0,
    inf: countOf(record.inf) ?? 0,
    zeros: countOf(record.zeros) ?? 0,
  };
}

function asNumber(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
