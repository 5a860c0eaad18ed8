import { view } from "./numbers.ts";
import type { Tensor } from "./types.ts";

/**
 * The sum of the squares of a tensor's numbers, in float64: it is not finite exactly where one of them is not, since no sum
 * of squares of float32 reaches the end of float64.
 */
export function sumOfSquares(tensor: Tensor): number {
  if (tensor.dtype !== "float32") return 0;
  const values = view(tensor);
  const even = values.length - (values.length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  // Four sums at a time: one would wait for each addition before the next.
  for (let i = 0; i < even; i += 4) {
    const p = values[i] as number;
    const q = values[i + 1] as number;
    const r = values[i + 2] as number;
    const s = values[i + 3] as number;
    a += p * p;
    b += q * q;
    c += r * r;
    d += s * s;
  }
  for (let i = even; i < values.length; i++) a += (values[i] as number) ** 2;
  return a + b + c + d;
}

/** True where every number is finite. */
export function isFiniteTensor(tensor: Tensor): boolean {
  return Number.isFinite(sumOfSquares(tensor));
}

/** The largest magnitude in a tensor that is finite; NaN or Infinity where one is not. */
export function largestMagnitude(tensor: Tensor): number {
  const values = view(tensor);
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(Number(values[i]));
    if (!(magnitude <= largest)) {
      if (Number.isNaN(magnitude)) return Number.NaN;
      largest = magnitude;
    }
  }
  return largest;
}

/** The largest magnitude of the difference of two arrays, entry by entry. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (!(difference <= largest)) {
      if (Number.isNaN(difference)) return Number.NaN;
      largest = difference;
    }
  }
  return largest;
}
