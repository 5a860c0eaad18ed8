import { sumLanes } from "./panel";

/** Below this a float32 sum of squares may have lost squares that underflowed. */
const SMALLEST_SUM: f64 = 7.888609052210118e-31; // 2^-100

/** Sum of squares in float64, where no square of a float32 overflows or underflows. */
function exactSquares(at: usize, bytes: i32): f64 {
  const end = at + bytes;
  let low = f64x2.splat(0);
  let high = low;
  for (; at < end; at += 16) {
    const x = v128.load(at);
    const a = f64x2.promote_low_f32x4(x);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const s = f64x2.add(low, high);
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

@inline
function lanesAsF64(s: v128): f64 {
  return (
    <f64>f32x4.extract_lane(s, 0) +
    <f64>f32x4.extract_lane(s, 1) +
    (<f64>f32x4.extract_lane(s, 2) + <f64>f32x4.extract_lane(s, 3))
  );
}

/**
 * Sum of the squares of a panel, `bytes` a multiple of 32: finite if and only if every entry is,
 * since the largest float32 squared is 1e77. Summed in float32 first, which is twice as fast, and
 * again in float64 where that overflowed or may have underflowed.
 */
export function sumOfSquares(at: usize, bytes: i32): f64 {
  const start = at;
  const end = at + (bytes & ~63);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; at < end; at += 64) {
    const x0 = v128.load(at);
    const x1 = v128.load(at, 16);
    const x2 = v128.load(at, 32);
    const x3 = v128.load(at, 48);
    s0 = f32x4.add(s0, f32x4.mul(x0, x0));
    s1 = f32x4.add(s1, f32x4.mul(x1, x1));
    s2 = f32x4.add(s2, f32x4.mul(x2, x2));
    s3 = f32x4.add(s3, f32x4.mul(x3, x3));
  }
  if (bytes & 32) {
    const x0 = v128.load(at);
    const x1 = v128.load(at, 16);
    s0 = f32x4.add(s0, f32x4.mul(x0, x0));
    s1 = f32x4.add(s1, f32x4.mul(x1, x1));
  }
  const sum = lanesAsF64(s0) + lanesAsF64(s1) + (lanesAsF64(s2) + lanesAsF64(s3));
  return settledSquares(sum, start, bytes);
}

/** The float32 sum of a panel's squares; where it overflowed or may have underflowed the float64 one. */
@inline
export function settledSquares(sum: f64, at: usize, bytes: i32): f64 {
  return sum > SMALLEST_SUM && sum < Infinity ? sum : exactSquares(at, bytes);
}

/**
 * The sum of squares as TensorFlow takes it, in float32: Infinity once an entry passes 1.84e19.
 * @param sum What it goes on from.
 */
export function plainSumOfSquares(at: usize, bytes: i32): f32 {
  const end = at + bytes;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  for (; at < end; at += 32) {
    const x0 = v128.load(at);
    const x1 = v128.load(at, 16);
    s0 = f32x4.add(s0, f32x4.mul(x0, x0));
    s1 = f32x4.add(s1, f32x4.mul(x1, x1));
  }
  return sumLanes(s0, s1);
}

/** Lane by lane, the bits of the largest |x|: NaN above Infinity above all others. */
export function largestBits(at: usize, bytes: i32, maxima: v128): v128 {
  const end = at + bytes;
  const magnitude = i32x4.splat(0x7fffffff);
  let m0 = maxima;
  let m1 = maxima;
  for (; at < end; at += 32) {
    m0 = i32x4.max_u(m0, v128.and(v128.load(at), magnitude));
    m1 = i32x4.max_u(m1, v128.and(v128.load(at, 16), magnitude));
  }
  return i32x4.max_u(m0, m1);
}

/** The largest of four lanes of bits, as a float. */
export function largestLane(maxima: v128): f32 {
  // Magnitudes have no sign bit, so signed and unsigned order are the same.
  const a = max(i32x4.extract_lane(maxima, 0), i32x4.extract_lane(maxima, 1));
  const b = max(i32x4.extract_lane(maxima, 2), i32x4.extract_lane(maxima, 3));
  return reinterpret<f32>(max(a, b));
}
