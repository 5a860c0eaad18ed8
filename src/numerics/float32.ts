/** The largest finite float32, 2^128 - 2^104. */
export const FLOAT32_MAX = 3.4028234663852886e38;

/**
 * The smallest number that rounds to Infinity as float32, 2^128 - 2^103. The shortest decimal of
 * FLOAT32_MAX, 3.4028235e38, lies between the two.
 */
export const FLOAT32_OVERFLOW = 3.4028235677973366e38;

/** The largest number that rounds to 0 as float32: half of the smallest one, 2^-150. */
export const FLOAT32_UNDERFLOW = 2 ** -150;

/** A float32 as JSON holds it: a number, or the name of a value that JSON numbers cannot say. */
export type Float32Json = number | "NaN" | "Infinity" | "-Infinity" | "-0";

const NAMED: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

/**
 * The shortest decimal that reads back as the same float32 (0.1, not 0.10000000149011612).
 * Nine significant digits are always enough for a float32.
 */
export function encodeFloat32(value: number): Float32Json {
  if (Number.isNaN(value)) return "NaN";
  const exact = Math.fround(value);
  if (exact === Number.POSITIVE_INFINITY) return "Infinity";
  if (exact === Number.NEGATIVE_INFINITY) return "-Infinity";
  if (exact === 0) return Object.is(exact, -0) ? "-0" : 0;
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(exact.toPrecision(digits));
    if (Math.fround(short) === exact) return short;
  }
  return Number(exact.toPrecision(9));
}

/** The float32 that a JSON value encodes; the inverse of {@link encodeFloat32}. */
export function decodeFloat32(json: Float32Json): number {
  return typeof json === "number" ? Math.fround(json) : (NAMED[json] ?? Number.NaN);
}
