/**
 * 2-norm of all entries of all arrays together, as float32.
 *
 * The obvious sqrt(sum of float32 squares) is Infinity from 1.84e19 on, so it reports the death of
 * a gradient that is still finite. Squares of float32 numbers are accumulated in float64 here,
 * where they neither overflow (3.4e38^2 = 1.2e77) nor underflow (1.4e-45^2 = 2e-90).
 * NaN when an entry is NaN, Infinity when one is infinite.
 */
export function norm(arrays: readonly Float32Array[]): number {
  let sum = 0;
  for (const values of arrays) for (let i = 0; i < values.length; i++) sum += (values[i] as number) ** 2;
  return Math.fround(Math.sqrt(sum));
}

/** Largest absolute entry; NaN when an entry is NaN; 0 of nothing. `Math.max` does the same, but not for long arrays. */
export function maxAbs(arrays: readonly Float32Array[]): number {
  let largest = 0;
  for (const values of arrays)
    for (let i = 0; i < values.length; i++) {
      const magnitude = Math.abs(values[i] as number);
      if (!(magnitude <= largest)) {
        if (Number.isNaN(magnitude)) return Number.NaN;
        largest = magnitude;
      }
    }
  return largest;
}

/** True where every entry of every array is finite; true of nothing. */
export function allFinite(arrays: readonly Float32Array[]): boolean {
  return Number.isFinite(maxAbs(arrays));
}
