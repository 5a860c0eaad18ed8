import { UsageError } from "../../documents/errors.ts";
import type { KnobRecord } from "./knobRecords.ts";

const BRAND = Symbol.for("nanproof.knob");

/** True of a value that a knob's function made, of this copy of nanproof or another. */
export function isKnob(value: unknown): value is KnobRecord {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** True of a whole number that JavaScript holds exactly. */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** A value as a person would write it, cut short. */
export function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "function") return "a function";
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

/**
 * Checks the bounds of a knob.
 * @param knob What the message calls it.
 * @throws UsageError when a bound is not what it has to be, or the least is above the most.
 */
export function checkRange(
  knob: string,
  min: number,
  max: number,
  valid: (value: number) => boolean,
  what: string,
): void {
  if (valid(min) && valid(max) && min <= max) return;
  throw new UsageError(
    "NANPROOF_E_KNOB",
    `${knob} from ${show(min)} to ${show(max)} is no range`,
    `Give the least and the most, in this order, as ${what}.`,
  );
}

/**
 * Checks that a knob's default is a value that it can have.
 * @returns The knob.
 * @throws UsageError when it is not.
 */
export function checkDefault<K extends KnobRecord>(knob: K): K {
  const problem = misfit(knob, knob.default);
  if (problem === null) return Object.defineProperty(knob, BRAND, { value: true });
  throw new UsageError(
    "NANPROOF_E_KNOB",
    `${knob.kind} has default ${show(knob.default)}: ${problem}`,
    "Give a default that the knob can have, or none.",
  );
}

/** Why a knob cannot have a value, or null where it can. */
export function misfit(knob: KnobRecord, value: unknown): string | null {
  switch (knob.kind) {
    case "integer":
      if (!isWhole(value)) return "it is no whole number";
      return outside(value, knob.min, knob.max);
    case "uniform":
    case "logUniform":
      if (typeof value !== "number" || !Number.isFinite(value)) return "it is no finite number";
      return outside(value, knob.min, knob.max);
    case "choice":
      return knob.choices.includes(value as string) ? null : `it is none of ${show(knob.choices)}`;
    case "lengths": {
      if (!Array.isArray(value) || !value.every(isWhole)) return "it is no list of whole numbers";
      const [fewest, most] = knob.rows;
      if (value.length < fewest || value.length > most)
        return `it has ${value.length} rows, and there can be ${fewest} to ${most}`;
      const wrong = value.find((time) => outside(time, ...knob.time) !== null);
      return wrong === undefined ? null : `${wrong} is ${outside(wrong, ...knob.time)}`;
    }
  }
}

function outside(value: number, min: number, max: number): string | null {
  return value >= min && value <= max ? null : `not from ${min} to ${max}`;
}
