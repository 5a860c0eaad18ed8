import { LINEAR, RELU, SIGMOID, TANH } from "./plan";

/** 1.5 * 2^23: added to a small float, it rounds it to an integer, which ends up in the low bits. */
const ROUND: f32 = 12582912;
const LOG2_E: f32 = 1.44269504088896341;
const TWO_TO_MINUS_64: f32 = 5.421010862427522e-20;

/**
 * exp(-x) 2^-scale, four lanes, within 1 ulp, where the result is a normal float32; NaN for NaN.
 *
 * -x = n ln 2 - q with |q| <= ln(2)/2 (Cody & Waite, ln 2 in two parts); exp(-q) is a minimax polynomial
 * of degree 6 (relative error 3e-9); 2^(n - scale) is made of the bits of n.
 */
@inline
function expMinus(x: v128, scale: f32): v128 {
  const magic = f32x4.splat(ROUND + 127 - scale);
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(-LOG2_E)), magic);
  const n = f32x4.sub(shifted, magic);
  let q = f32x4.add(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  q = f32x4.add(q, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let p = f32x4.add(f32x4.mul(q, f32x4.splat(0.00138145385)), f32x4.splat(-0.008368745764));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(0.04166839085));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(-0.1666652039));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(0.4999999343));
  p = f32x4.add(f32x4.sub(f32x4.mul(p, f32x4.mul(q, q)), q), f32x4.splat(1));
  return f32x4.mul(p, i32x4.shl(shifted, 23));
}

/**
 * Logistic sigmoid 1 / (1 + exp(-x)), four lanes, within 3 ulp of float64 for every float32, denormal
 * results included. Numerator and denominator are scaled by 2^-64, so that exp(105) overflows nothing.
 * Outside [-105, 20] the sigmoid is 0 or 1 in float32, and x is held there; NaN stays NaN, since pmin and
 * pmax return their first operand when it is NaN.
 */
@inline
export function sigmoid(x: v128): v128 {
  const held = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-105)), f32x4.splat(20));
  const one = f32x4.splat(TWO_TO_MINUS_64);
  return f32x4.div(one, f32x4.add(one, expMinus(held, 64)));
}

/**
 * Hyperbolic tangent, four lanes, within 6 ulp of float64 for every float32: below 0.625 Cephes' odd
 * polynomial (tanhf.c), above it (1 - e) / (1 + e) with e = exp(-2 |x|). From |x| = 10 on the tangent is 1
 * in float32, and x is held there; NaN stays NaN.
 */
@inline
export function tanh(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const held = f32x4.pmin(magnitude, f32x4.splat(10));
  const one = f32x4.splat(1);
  const e = expMinus(f32x4.add(held, held), 0);
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const large = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  const s = f32x4.mul(x, x);
  let p = f32x4.add(f32x4.mul(s, f32x4.splat(-5.70498872745e-3)), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(-3.33332819422e-1));
  const small = f32x4.add(f32x4.mul(f32x4.mul(p, s), x), x);
  return v128.or(v128.bitselect(small, large, f32x4.lt(magnitude, f32x4.splat(0.625))), sign);
}

/** max(x, 0), four lanes, NaN for NaN. The addition makes 0 of -0; f32x4.max does it all in eight instructions. */
@inline
function relu(x: v128): v128 {
  const zero = f32x4.splat(0);
  return f32x4.add(f32x4.pmax(x, zero), zero);
}

/** A layer's activation, four lanes. */
@inline
export function activate(activation: i32, x: v128): v128 {
  if (activation == RELU) return relu(x);
  if (activation == TANH) return tanh(x);
  if (activation == SIGMOID) return sigmoid(x);
  return x;
}

/** An activation in place over a run of `bytes` bytes, a multiple of 16: for tests. */
export function activateRun(activation: i32, at: usize, bytes: i32): void {
  for (const end = at + bytes; at < end; at += 16) v128.store(at, activate(activation, v128.load(at)));
}

/**
 * upstream * activation'(x), four lanes, from y = activation(x), in TensorFlow's forms (ReluGrad,
 * TanhGrad, SigmoidGrad), so that Infinity * 0 is NaN where it is there.
 */
@inline
export function activationGradient(activation: i32, upstream: v128, y: v128): v128 {
  const one = f32x4.splat(1);
  if (activation == RELU) return f32x4.mul(upstream, v128.and(f32x4.gt(y, f32x4.splat(0)), one));
  if (activation == TANH) return f32x4.mul(upstream, f32x4.sub(one, f32x4.mul(y, y)));
  if (activation == LINEAR) return upstream;
  return sigmoidGradient(upstream, y);
}

/** upstream * y * (1 - y), the gradient through a sigmoid. */
@inline
export function sigmoidGradient(upstream: v128, y: v128): v128 {
  return f32x4.mul(f32x4.mul(upstream, y), f32x4.sub(f32x4.splat(1), y));
}
