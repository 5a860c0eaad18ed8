import { LINEAR, RELU, SIGMOID, TANH } from "./plan";

// The constants stand in memory: V8 makes a splat anew at every use, three instructions each, where this is one load.

const ONE = memory.data<f32>([1]);
const MINUS_LOG2_E = memory.data<f32>([-1.44269504088896341]);
/** ln 2 in two parts, the first with few bits (Cody & Waite); the second is negative. */
const LN2_HIGH = memory.data<f32>([0.693359375]);
const LN2_LOW = memory.data<f32>([-2.1219444e-4]);
/** exp(-q) on |q| <= ln(2)/2, highest power first. */
const EXP_POLYNOMIAL = memory.data<f32>([0.00138145385, -0.008368745764, 0.04166839085, -0.1666652039, 0.4999999343]);
/** 1.5 * 2^23: added to a small float, it rounds it to an integer, which ends up in the low bits. */
const ROUND: f32 = 12582912;
/** That and an exponent's bias, for exp(-x) and for exp(-x) 2^-64. */
const ROUND_PLAIN = memory.data<f32>([ROUND + 127]);
const ROUND_SCALED = memory.data<f32>([ROUND + 63]);
const TWO_TO_MINUS_64 = memory.data<f32>([5.421010862427522e-20]);
/** Where the sigmoid has become 0 and 1. */
const SIGMOID_LOW = memory.data<f32>([-105]);
const SIGMOID_HIGH = memory.data<f32>([20]);
/** Cephes' tanhf.c, for below 0.625, highest power first. */
const TANH_POLYNOMIAL = memory.data<f32>([
  -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1,
]);
const TANH_SMALL = memory.data<f32>([0.625]);
/** From here on the tangent is 1. */
const TANH_HIGH = memory.data<f32>([10]);

/** Four lanes of a constant, the `index`-th of a list. */
@inline
function constant(list: usize, index: usize = 0): v128 {
  return v128.load_splat<f32>(list + (index << 2));
}

/**
 * exp(-x), or exp(-x) 2^-64 with ROUND_SCALED, four lanes, within 1 ulp, where the result is a normal float32; NaN for NaN.
 *
 * -x = n ln 2 - q with |q| <= ln(2)/2 (Cody & Waite, ln 2 in two parts); exp(-q) is a minimax polynomial
 * of degree 6 (relative error 3e-9); 2^n, or 2^(n - 64), is made of the bits of n.
 */
@inline
function expMinus(x: v128, round: usize): v128 {
  const magic = constant(round);
  const shifted = f32x4.add(f32x4.mul(x, constant(MINUS_LOG2_E)), magic);
  const n = f32x4.sub(shifted, magic);
  let q = f32x4.add(x, f32x4.mul(n, constant(LN2_HIGH)));
  q = f32x4.add(q, f32x4.mul(n, constant(LN2_LOW)));
  let p = f32x4.add(f32x4.mul(q, constant(EXP_POLYNOMIAL)), constant(EXP_POLYNOMIAL, 1));
  p = f32x4.add(f32x4.mul(p, q), constant(EXP_POLYNOMIAL, 2));
  p = f32x4.add(f32x4.mul(p, q), constant(EXP_POLYNOMIAL, 3));
  p = f32x4.add(f32x4.mul(p, q), constant(EXP_POLYNOMIAL, 4));
  p = f32x4.add(f32x4.sub(f32x4.mul(p, f32x4.mul(q, q)), q), constant(ONE));
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
  const held = f32x4.pmin(f32x4.pmax(x, constant(SIGMOID_LOW)), constant(SIGMOID_HIGH));
  const one = constant(TWO_TO_MINUS_64);
  return f32x4.div(one, f32x4.add(one, expMinus(held, ROUND_SCALED)));
}

/**
 * Hyperbolic tangent, four lanes, within 6 ulp of float64 for every float32: below 0.625 Cephes' odd
 * polynomial (tanhf.c), above it (1 - e) / (1 + e) with e = exp(-2 |x|), left out where no lane needs it. From |x| = 10
 * on the tangent is 1 in float32, and x is held there; NaN stays NaN.
 */
@inline
export function tanh(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const isSmall = f32x4.lt(magnitude, constant(TANH_SMALL));
  const s = f32x4.mul(x, x);
  let p = f32x4.add(f32x4.mul(s, constant(TANH_POLYNOMIAL)), constant(TANH_POLYNOMIAL, 1));
  p = f32x4.add(f32x4.mul(p, s), constant(TANH_POLYNOMIAL, 2));
  p = f32x4.add(f32x4.mul(p, s), constant(TANH_POLYNOMIAL, 3));
  p = f32x4.add(f32x4.mul(p, s), constant(TANH_POLYNOMIAL, 4));
  const small = f32x4.add(f32x4.mul(f32x4.mul(p, s), x), x);
  if (i32x4.all_true(isSmall)) return v128.or(small, sign);
  const held = f32x4.pmin(magnitude, constant(TANH_HIGH));
  const one = constant(ONE);
  const e = expMinus(f32x4.add(held, held), ROUND_PLAIN);
  const large = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  return v128.or(v128.bitselect(small, large, isSmall), sign);
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
