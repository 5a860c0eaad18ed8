import { largestBits, largestLane, plainSumOfSquares } from "./measure";
import { maskPanel } from "./panel";
import { CLIP_GLOBAL_NORM, CLIP_NONE, CLIP_SAFE_GLOBAL_NORM, CLIP_VALUE, layerAt, Plan } from "./plan";

/** g = (g / divisor) factor, in place. */
function rescaleRun(at: usize, bytes: i32, divisor: f32, factor: f32): void {
  const end = at + bytes;
  const d = f32x4.splat(divisor);
  const f = f32x4.splat(factor);
  for (; at < end; at += 16) v128.store(at, f32x4.mul(f32x4.div(v128.load(at), d), f));
}

/** g = g factor, in place. */
function scaleRun(at: usize, bytes: i32, factor: f32): void {
  const end = at + bytes;
  const f = f32x4.splat(factor);
  for (; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), f));
}

/** g = min(max(g, -limit), limit), in place; NaN stays NaN. */
function clampRun(at: usize, bytes: i32, limit: f32): void {
  const end = at + bytes;
  const high = f32x4.splat(limit);
  const low = f32x4.splat(-limit);
  for (; at < end; at += 16) v128.store(at, f32x4.min(f32x4.max(v128.load(at), low), high));
}

/** Norm of all gradients as tf.global_norm takes it: the square root of a float32 sum of squares. */
export function plainGlobalNorm(plan: Plan): f32 {
  let sum: f32 = 0;
  for (let l = 0; l < plan.layerCount; l++) {
    const layer = layerAt(plan, l);
    sum += plainSumOfSquares(layer.gradient, layer.weightPanel * layer.unitPanels * 4);
  }
  return sqrt<f32>(sum);
}

/** max |g| over all gradients. */
function largestGradient(plan: Plan): f32 {
  let maxima = i32x4.splat(0);
  for (let l = 0; l < plan.layerCount; l++) {
    const layer = layerAt(plan, l);
    maxima = largestBits(layer.gradient, layer.weightPanel * layer.unitPanels * 4, maxima);
  }
  return largestLane(maxima);
}

/**
 * What tf.clip_by_global_norm multiplies by: limit min(1/norm, 1/limit), NaN where the norm is not finite.
 */
@inline
function globalNormScale(norm: f32, limit: f32): f32 {
  return limit * min<f32>(1 / norm, 1 / limit) + (norm - norm);
}

/**
 * Clips the gradients of all layers in place.
 * - globalNorm (tf.clip_by_global_norm): the norm a float32 sum, so NaN for all where it overflows;
 * - safeGlobalNorm: (g/s) (limit/n) where s n > limit, s = max |g| and n = |g/s|, so that no square
 *   overflows; entries that are not finite still make all NaN;
 * - value: each entry held in [-limit, limit].
 *
 * @param squares Sum of the squares of all gradients, in float64.
 */
export function clipGradients(plan: Plan, squares: f64): void {
  const kind = plan.clip;
  let factor: f32 = 1;
  let divisor: f32 = 1;
  if (kind == CLIP_NONE) return;
  if (kind == CLIP_GLOBAL_NORM) factor = globalNormScale(plainGlobalNorm(plan), plan.limit);
  if (kind == CLIP_SAFE_GLOBAL_NORM) {
    const norm = sqrt<f64>(squares);
    if (norm <= <f64>plan.limit) return;
    divisor = largestGradient(plan);
    factor = norm < Infinity ? plan.limit / <f32>(norm / <f64>divisor) : NaN;
  }
  for (let l = 0; l < plan.layerCount; l++) {
    const layer = layerAt(plan, l);
    const bytes = layer.weightPanel;
    for (let panel = 0; panel < layer.unitPanels * 4; panel++) {
      const at = layer.gradient + panel * bytes;
      if (kind == CLIP_VALUE) clampRun(at, bytes, plan.limit);
      else if (kind == CLIP_GLOBAL_NORM) scaleRun(at, bytes, factor);
      else rescaleRun(at, bytes, divisor, factor);
      maskPanel(plan, layer, panel, at);
    }
  }
}
