import { UsageError } from "../../documents/errors.ts";
import { checkDefault, checkRange, isWhole, show } from "./knobChecks.ts";
import type { Choice, ChoiceKnob, IntegerKnob, Knob, LengthsKnob, RealKnob } from "./knobRecords.ts";

/**
 * A whole number from `min` to `max`, both included. Without a default a plain run takes `min`.
 * @throws UsageError when the bounds are no whole numbers or the wrong way round, or the default is not between them.
 */
export function integer(min: number, max: number, options: { default?: number } = {}): Knob<number> {
  checkRange("integer", min, max, isWhole, "whole numbers");
  const knob: IntegerKnob = { kind: "integer", min, max, default: options.default ?? min };
  return checkDefault(knob) as Knob<number>;
}

/**
 * A number from `min` to `max`. Without a default a plain run takes the middle.
 * @throws UsageError when the bounds are no numbers or the wrong way round, or the default is not between them.
 */
export function uniform(min: number, max: number, options: { default?: number } = {}): Knob<number> {
  checkRange("uniform", min, max, Number.isFinite, "finite numbers");
  const middle = min / 2 + max / 2;
  const knob: RealKnob = { kind: "uniform", min, max, default: options.default ?? middle };
  return checkDefault(knob) as Knob<number>;
}

/**
 * A number from `min` to `max`, each power of ten as likely as the other. Without a default a plain run takes the
 * geometric middle.
 * @throws UsageError when the bounds are not above 0 or the wrong way round, or the default is not between them.
 */
export function logUniform(min: number, max: number, options: { default?: number } = {}): Knob<number> {
  checkRange("logUniform", min, max, (value) => Number.isFinite(value) && value > 0, "numbers above 0");
  const middle = Math.min(max, Math.max(min, Math.sqrt(min) * Math.sqrt(max)));
  const knob: RealKnob = { kind: "logUniform", min, max, default: options.default ?? middle };
  return checkDefault(knob) as Knob<number>;
}

/**
 * One of a list of strings, numbers or booleans. Without a default a plain run takes the first.
 * @throws UsageError when the list is empty, holds anything else, or does not hold the default.
 */
export function choice<const T extends Choice>(
  choices: readonly T[],
  options: { default?: NoInfer<T> } = {},
): Knob<T> {
  const valid = Array.isArray(choices) && choices.length > 0 && choices.every(isChoice);
  if (!valid)
    throw new UsageError(
      "NANPROOF_E_KNOB",
      `choice(${show(choices)}) is no list of strings, numbers and booleans`,
      'Write what there is to choose from: choice(["before", "after"]).',
    );
  const knob: ChoiceKnob = {
    kind: "choice",
    choices: [...choices],
    default: options.default ?? (choices[0] as T),
  };
  return checkDefault(knob) as Knob<T>;
}

/**
 * A list of whole numbers, one a row: how many rows, and how long each. Without a default a plain run takes the most rows,
 * each the longest.
 * @throws UsageError when a range is none of whole numbers from 0 on, or the default does not fit them.
 */
export function lengths(ranges: {
  rows: readonly [number, number];
  time: readonly [number, number];
  default?: readonly number[];
}): Knob<number[]> {
  const { rows, time } = ranges ?? {};
  for (const [name, range, least] of [["rows", rows, 1] as const, ["time", time, 0] as const]) {
    const counts = (value: number) => isWhole(value) && value >= least;
    if (!Array.isArray(range) || range.length !== 2)
      throw new UsageError(
        "NANPROOF_E_KNOB",
        `lengths(...) has ${name}: ${show(range)}, which is no range`,
        `Write the least and the most: lengths({ rows: [1, 8], time: [1, 64] }).`,
      );
    checkRange(`lengths' ${name}`, range[0], range[1], counts, `whole numbers from ${least} on`);
  }
  const knob: LengthsKnob = {
    kind: "lengths",
    rows: [...rows] as [number, number],
    time: [...time] as [number, number],
    default: [...(ranges.default ?? new Array<number>(rows[1]).fill(time[1]))],
  };
  return checkDefault(knob) as Knob<number[]>;
}

function isChoice(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
