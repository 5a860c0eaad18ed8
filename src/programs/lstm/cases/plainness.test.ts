import { describe, expect, it } from "vitest";
import { compareNumbers, significantDigits } from "./plainness.ts";

describe("plainness of a number", () => {
  it("sorts 0, 1, -1, then by digits, then by magnitude, then by sign; oddities last", () => {
    const sorted = [
      0,
      1,
      -1,
      0.002,
      -0.002,
      5,
      200,
      -1e20,
      0.12,
      12,
      5.03,
      123456.7,
      -0,
      Infinity,
      -Infinity,
      NaN,
    ];
    const shuffled = sorted.map((_, i) => sorted[(7 * i) % 16] as number);
    expect(shuffled.sort(compareNumbers)).toEqual(sorted);
  });

  it("counts the digits of the shortest decimal of the float32", () => {
    const digits = [5, 200, 0.1, Math.fround(0.1), 0.5, 5.03, 1e-21, 3e38, Math.fround(1 / 3)];
    expect(digits.map(significantDigits)).toEqual([1, 1, 1, 1, 1, 3, 1, 1, 8]);
  });

  it("tells any two different bits apart, and no number from itself", () => {
    expect(compareNumbers(0.3, Math.fround(0.3) + 2 ** -25)).not.toBe(0);
    for (const value of [0, -0, 1, -7.5, NaN, Infinity]) expect(compareNumbers(value, value)).toBe(0);
    expect(compareNumbers(0, -0)).toBeLessThan(0);
  });
});
