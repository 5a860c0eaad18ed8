/** 2^64; scaling by a power of two is exact. */
const FAR = 4294967296 * 4294967296;

/** 1/23, 1/21, ..., 1/3, 1: coefficients of the series of atanh(s)/s in s^2, the last one first. */
const COEFFICIENTS: readonly number[] = Array.from({ length: 12 }, (_, k) => 1 / (23 - 2 * k));

/**
 * Natural logarithm made of additions, multiplications and divisions only, so that every
 * JavaScript engine returns the same bits. `Math.log` may differ in its last bit from one V8 to
 * the next, and one bit in an initial weight is another training run.
 *
 * x = m 2^e with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh((m - 1) / (m + 1)), whose series
 * converges below 2^-53 within 12 terms. For positive normal numbers; relative error under 1e-15.
 */
export function portableLog(x: number): number {
  let mantissa = x;
  let exponent = 0;
  for (; mantissa >= FAR; exponent += 64) mantissa /= FAR;
  for (; mantissa < 1 / FAR; exponent -= 64) mantissa *= FAR;
  for (; mantissa >= 2; exponent += 1) mantissa /= 2;
  for (; mantissa < 1; exponent -= 1) mantissa *= 2;
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (const coefficient of COEFFICIENTS) sum = sum * square + coefficient;
  return 2 * s * sum + exponent * Math.LN2;
}
