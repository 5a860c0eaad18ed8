import { encodeFloat32 } from "../../../numerics/float32.ts";

/** Plainness of -0, NaN and the infinities: past every other number's. */
const ODD = 100;

/**
 * The reading effort of a float32: 0 for 0, then 1, then -1, then by the significant digits of its
 * shortest decimal (2 and -0.5 have one, 5.03 three); -0 and what is not finite come last.
 */
export function plainness(value: number): number {
  if (value === 0) return Object.is(value, -0) ? ODD : 0;
  if (!Number.isFinite(value)) return ODD;
  if (value === 1) return 1;
  if (value === -1) return 2;
  return 2 + significantDigits(value);
}

/** Significant digits of the shortest decimal that reads back as the same float32; at least 1. */
export function significantDigits(value: number): number {
  const [mantissa = ""] = Math.abs(Number(encodeFloat32(value)))
    .toExponential()
    .split("e");
  return mantissa.replace(".", "").length;
}

/** Orders two numbers, the simpler first: plainer, then smaller in magnitude, then positive. Below 0 for `a`; 0 for the same bits. */
export function compareNumbers(a: number, b: number): number {
  return (
    plainness(a) - plainness(b) ||
    finiteOr(Math.abs(a)) - finiteOr(Math.abs(b)) ||
    Number(Number.isNaN(a)) - Number(Number.isNaN(b)) ||
    Number(a < 0) - Number(b < 0)
  );
}

function finiteOr(magnitude: number): number {
  return Number.isFinite(magnitude) ? magnitude : Number.MAX_VALUE;
}
