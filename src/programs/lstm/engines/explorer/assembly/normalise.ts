import { NORMALISE_EPSILON, NORMALISE_NAIVE, NORMALISE_SAFE, NORMALISE_TENSORFLOW } from "./plan";
import { sumLanes } from "./panel";

/** Floor of the sum of squares in tf.nn.l2_normalize. */
const TENSORFLOW_FLOOR: f32 = 1e-12;
/** Vectors shorter than this are divided by it in the safe form, as in numerics/safeNormalise.ts. */
const SAFE_FLOOR: f32 = 1e-6;

/** sum of a_i b_i over a row of `panels` panels `stride` bytes apart, in one fixed order. */
export function dotRow(a: usize, aStride: usize, b: usize, bStride: usize, panels: i32): f32 {
  let low = f32x4.splat(0);
  let high = low;
  for (; panels > 0; panels--, a += aStride, b += bStride) {
    low = f32x4.add(low, f32x4.mul(v128.load(a), v128.load(b)));
    high = f32x4.add(high, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
  }
  return sumLanes(low, high);
}

/** max |x_i| of a row, NaN where an entry is NaN. */
function largestOf(x: usize, stride: usize, panels: i32): f32 {
  let m = f32x4.splat(0);
  for (; panels > 0; panels--, x += stride)
    m = f32x4.max(m, f32x4.max(f32x4.abs(v128.load(x)), f32x4.abs(v128.load(x, 16))));
  return max(
    max(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)),
    max(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3)),
  );
}

/** |x/s| of a row for its scale s: sqrt(sum (x_i / s)^2), between 1 and sqrt(units). */
function scaledNormOf(x: usize, stride: usize, panels: i32, scale: f32): f32 {
  const s = f32x4.splat(scale);
  let low = f32x4.splat(0);
  let high = low;
  for (; panels > 0; panels--, x += stride) {
    const u = f32x4.div(v128.load(x), s);
    const v = f32x4.div(v128.load(x, 16), s);
    low = f32x4.add(low, f32x4.mul(u, u));
    high = f32x4.add(high, f32x4.mul(v, v));
  }
  return sqrt<f32>(sumLanes(low, high));
}

/** to = x / d1 / d2 over a row. */
function divideRow(x: usize, stride: usize, panels: i32, d1: f32, d2: f32, to: usize, toStride: usize): void {
  const a = f32x4.splat(d1);
  const b = f32x4.splat(d2);
  for (; panels > 0; panels--, x += stride, to += toStride) {
    v128.store(to, f32x4.div(f32x4.div(v128.load(x), a), b));
    v128.store(to, f32x4.div(f32x4.div(v128.load(x, 16), a), b), 16);
  }
}

/** to = x f over a row. */
function scaleRow(x: usize, stride: usize, panels: i32, factor: f32, to: usize, toStride: usize): void {
  const f = f32x4.splat(factor);
  for (; panels > 0; panels--, x += stride, to += toStride) {
    v128.store(to, f32x4.mul(v128.load(x), f));
    v128.store(to, f32x4.mul(v128.load(x, 16), f), 16);
  }
}

/** 1/sqrt(max(s, 1e-12)), the factor of tf.nn.l2_normalize; 0 where s overflowed. */
@inline
function inverseNorm(sumOfSquares: f32): f32 {
  return 1 / sqrt<f32>(max(sumOfSquares, TENSORFLOW_FLOOR));
}

/** Masks a row's last panel: where a divisor is 0 the lanes that pad have become NaN. */
@inline
function maskRow(to: usize, toStride: usize, panels: i32, mask: usize): void {
  to += (panels - 1) * toStride;
  v128.store(to, v128.and(v128.load(to), v128.load(mask)));
  v128.store(to, v128.and(v128.load(to, 16), v128.load(mask, 16)), 16);
}

/**
 * y = the unit vector of one row x (a row of `panels` panels), in the loss's form:
 * - tensorflow (tf.nn.l2_normalize): x / sqrt(max(sum x^2, 1e-12)), the factor rounded first;
 * - naive: x / sqrt(sum x^2), 0/0 at zero vectors;
 * - epsilon: x / (sqrt(sum x^2) + epsilon);
 * - safe: (x/s) / |x/s| with s = max |x_i|, where s |x/s| > 1e-6, else x / 1e-6.
 */
export function normaliseRow(
  kind: i32,
  epsilon: f32,
  x: usize,
  stride: usize,
  panels: i32,
  to: usize,
  toStride: usize,
  mask: usize,
): void {
  if (kind == NORMALISE_SAFE) {
    const largest = largestOf(x, stride, panels);
    const scale: f32 = largest == 0 ? 1 : largest;
    const norm = scaledNormOf(x, stride, panels, scale);
    if (largest * norm > SAFE_FLOOR) divideRow(x, stride, panels, scale, norm, to, toStride);
    else divideRow(x, stride, panels, SAFE_FLOOR, 1, to, toStride);
  } else {
    const squares = dotRow(x, stride, x, stride, panels);
    if (kind == NORMALISE_TENSORFLOW) scaleRow(x, stride, panels, inverseNorm(squares), to, toStride);
    else {
      const divisor = sqrt<f32>(squares) + (kind == NORMALISE_EPSILON ? epsilon : 0);
      divideRow(x, stride, panels, divisor, 1, to, toStride);
    }
  }
  maskRow(to, toStride, panels, mask);
}

/** to = (g f) a + x b over a row, the gradient g = f target given through its target. */
function combineRow(
  target: usize,
  factor: f32,
  a: f32,
  x: usize,
  b: f32,
  stride: usize,
  panels: i32,
  to: usize,
): void {
  const f = f32x4.splat(factor);
  const av = f32x4.splat(a);
  const bv = f32x4.splat(b);
  const two = f32x4.splat(2);
  for (; panels > 0; panels--, x += stride, target += stride, to += stride)
    for (let at = 0; at < 32; at += 16) {
      const g = f32x4.mul(v128.load(target + at), f);
      const twice = f32x4.mul(v128.load(x + at), two);
      v128.store(to + at, f32x4.add(f32x4.mul(g, av), f32x4.mul(bv, twice)));
    }
}

/** to = g / d + b 2x over a row, g = f target. */
function combineRowDivided(
  target: usize,
  factor: f32,
  divisor: f32,
  x: usize,
  b: f32,
  stride: usize,
  panels: i32,
  to: usize,
): void {
  const f = f32x4.splat(factor);
  const d = f32x4.splat(divisor);
  const bv = f32x4.splat(b);
  const two = f32x4.splat(2);
  for (; panels > 0; panels--, x += stride, target += stride, to += stride)
    for (let at = 0; at < 32; at += 16) {
      const g = f32x4.mul(v128.load(target + at), f);
      const twice = f32x4.mul(v128.load(x + at), two);
      v128.store(to + at, f32x4.add(f32x4.div(g, d), f32x4.mul(bv, twice)));
    }
}

/** The safe form's gradient: ((g - y (g.y)) / s) / n above the floor, g / 1e-6 at or below it. */
function safeGradientRow(
  target: usize,
  factor: f32,
  x: usize,
  stride: usize,
  panels: i32,
  to: usize,
): void {
  const largest = largestOf(x, stride, panels);
  const scale: f32 = largest == 0 ? 1 : largest;
  const norm = scaledNormOf(x, stride, panels, scale);
  if (!(largest * norm > SAFE_FLOOR)) {
    scaleRow(target, stride, panels, factor, to, stride);
    divideRow(to, stride, panels, SAFE_FLOOR, 1, to, stride);
    return;
  }
  divideRow(x, stride, panels, scale, norm, to, stride);
  const along = f32x4.splat(factor * dotRow(target, stride, to, stride, panels));
  const f = f32x4.splat(factor);
  const s = f32x4.splat(scale);
  const n = f32x4.splat(norm);
  for (; panels > 0; panels--, target += stride, to += stride)
    for (let at = 0; at < 32; at += 16) {
      const g = f32x4.mul(v128.load(target + at), f);
      const across = f32x4.sub(g, f32x4.mul(v128.load(to + at), along));
      v128.store(to + at, f32x4.div(f32x4.div(across, s), n));
    }
}

/**
 * d loss / d x of one row through its normalisation, for the upstream gradient g = factor * target
 * (all rows packed alike, `stride` bytes from panel to panel). Op by op as autodiff of the forms above:
 * - tensorflow: g r + (ds) 2x with r = rsqrt(m), dr = g.x, ds = -dr r r^2 / 2 where sum x^2 >= 1e-12
 *   (RsqrtGrad, MaximumGrad), else 0;
 * - naive and epsilon: g / d + (ds) 2x with dd = -(g.x) / d^2 and ds = dd / (2 sqrt(sum x^2)); at a zero
 *   vector 0/0, so NaN, whatever epsilon is;
 * - safe: analytic, finite for every finite x.
 */
export function normaliseGradientRow(
  kind: i32,
  epsilon: f32,
  x: usize,
  target: usize,
  factor: f32,
  stride: usize,
  panels: i32,
  to: usize,
  mask: usize,
): void {
  if (kind == NORMALISE_SAFE) safeGradientRow(target, factor, x, stride, panels, to);
  else {
    const squares = dotRow(x, stride, x, stride, panels);
    const along = factor * dotRow(target, stride, x, stride, panels);
    if (kind == NORMALISE_TENSORFLOW) {
      const r = inverseNorm(squares);
      const ds: f32 = squares >= TENSORFLOW_FLOOR ? <f32>-0.5 * (along * r) * (r * r) : 0;
      combineRow(target, factor, r, x, ds, stride, panels, to);
    } else {
      const norm = sqrt<f32>(squares);
      const divisor = kind == NORMALISE_NAIVE ? norm : norm + epsilon;
      const ds = -(along / (divisor * divisor)) / (norm * 2);
      combineRowDivided(target, factor, divisor, x, ds, stride, panels, to);
    }
  }
  maskRow(to, stride, panels, mask);
}
