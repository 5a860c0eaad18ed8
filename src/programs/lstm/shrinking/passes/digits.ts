import type { DyingStep, Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import { significantDigits } from "../../cases/plainness.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { nonZeroPlaces, type Place, tensorsOf, withNumbers } from "../edits/numbers.ts";

/**
 * Makes each number plainer: 1 or -1, then the fewest digits, then a smaller round number. Safe: never larger in
 * magnitude, so that nothing overflows that did not.
 */
export const digits: Pass<CapturedStep, Diagnosis> = {
  name: "digits",
  *candidates(from) {
    let { step } = from;
    for (const place of nonZeroPlaces(step)) {
      let tries = plainerNumbers(valueAt(step, place));
      while (tries.length > 0) {
        const [value = 0, ...rest] = tries;
        const accepted: DyingStep<CapturedStep, Diagnosis> | null = yield withNumbers(step, [place], value);
        if (accepted) step = accepted.step;
        tries = accepted ? plainerNumbers(valueAt(step, place)) : rest;
      }
    }
  },
};

function valueAt(step: CapturedStep, { tensor, index }: Place): number {
  return tensorsOf(step)[tensor]?.[index] ?? 0;
}

/** Replacements for a number, the plainest first. */
function plainerNumbers(value: number): number[] {
  if (value === 0 || value === 1 || !Number.isFinite(value)) return [];
  const magnitude = Math.abs(value);
  const sign = Math.sign(value);
  const ones = magnitude > 1 ? [1, -1] : magnitude === 1 ? [1] : [];
  const shorter = Array.from({ length: significantDigits(value) - 1 }, (_, i) => truncated(magnitude, i + 1));
  const smaller = significantDigits(value) === 1 ? roundBelow(magnitude) : [];
  return [...ones, ...[...shorter, ...smaller].map((each) => Math.fround(sign * each))];
}

/** The first digits of a number, the rest cut off. */
function truncated(magnitude: number, count: number): number {
  const [mantissa = "", exponent = ""] = magnitude.toExponential(12).split("e");
  return Number(`${mantissa.slice(0, count === 1 ? 1 : count + 1)}e${exponent}`);
}

/** Numbers of one digit below one of one digit: half way down to 1 (or 1e-9, say, of its own decade), and the next. */
function roundBelow(magnitude: number): number[] {
  const [mantissa = "1", exponent = "0"] = magnitude.toExponential(0).split("e");
  const first = Math.min(Number(exponent), 0);
  const rung = 9 * (Number(exponent) - first) + Number(mantissa) - 1;
  const at = (k: number) => Number(`${1 + (k % 9)}e${first + Math.floor(k / 9)}`);
  return rung < 1 ? [] : [...new Set([Math.floor(rung / 2), rung - 1])].map(at);
}
