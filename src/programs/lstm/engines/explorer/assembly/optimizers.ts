import { maskPanel } from "./panel";
import { ADAM_TF1, Layer, Plan, SGD } from "./plan";

/** sgd (tf.train.GradientDescentOptimizer): w' = w - lr g. */
function sgdPanel(plan: Plan, w: usize, g: usize, toW: usize, bytes: i32): void {
  const rate = f32x4.splat(plan.rate);
  for (let at = 0; at < bytes; at += 16)
    v128.store(toW + at, f32x4.sub(v128.load(w + at), f32x4.mul(v128.load(g + at), rate)));
}

/**
 * Adam in TensorFlow 1's form (ApplyAdam, Kingma & Ba 2015 with epsilon-hat): m += (g - m)(1 - b1),
 * v += (g^2 - v)(1 - b2), w -= (m lr_t) / (sqrt(v) + epsilon). When g^2 overflows v is Infinity, and one
 * step later Infinity - Infinity is NaN.
 */
function adamTf1Panel(
  plan: Plan,
  w: usize,
  m: usize,
  v: usize,
  g: usize,
  toW: usize,
  toM: usize,
  toV: usize,
  bytes: i32,
): void {
  const rate = f32x4.splat(plan.rate);
  const take1 = f32x4.splat(plan.take1);
  const take2 = f32x4.splat(plan.take2);
  const epsilon = f32x4.splat(plan.optimizerEpsilon);
  for (let at = 0; at < bytes; at += 16) {
    const gradient = v128.load(g + at);
    let mean = v128.load(m + at);
    let square = v128.load(v + at);
    mean = f32x4.add(mean, f32x4.mul(f32x4.sub(gradient, mean), take1));
    square = f32x4.add(square, f32x4.mul(f32x4.sub(f32x4.mul(gradient, gradient), square), take2));
    const change = f32x4.div(f32x4.mul(mean, rate), f32x4.add(f32x4.sqrt(square), epsilon));
    v128.store(toM + at, mean);
    v128.store(toV + at, square);
    v128.store(toW + at, f32x4.sub(v128.load(w + at), change));
  }
}

/**
 * Adam in tfjs's form (tf.AdamOptimizer): m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2,
 * w += (m/(1 - b1^t)) / (sqrt(v/(1 - b2^t)) + epsilon) * -lr. An overflowed v freezes w for ever.
 */
function adamTfjsPanel(
  plan: Plan,
  w: usize,
  m: usize,
  v: usize,
  g: usize,
  toW: usize,
  toM: usize,
  toV: usize,
  bytes: i32,
): void {
  const rate = f32x4.splat(-plan.rate);
  const keep1 = f32x4.splat(plan.keep1);
  const keep2 = f32x4.splat(plan.keep2);
  const take1 = f32x4.splat(plan.take1);
  const take2 = f32x4.splat(plan.take2);
  const correction1 = f32x4.splat(plan.correction1);
  const correction2 = f32x4.splat(plan.correction2);
  const epsilon = f32x4.splat(plan.optimizerEpsilon);
  for (let at = 0; at < bytes; at += 16) {
    const gradient = v128.load(g + at);
    const mean = f32x4.add(f32x4.mul(v128.load(m + at), keep1), f32x4.mul(gradient, take1));
    const squared = f32x4.mul(gradient, gradient);
    const square = f32x4.add(f32x4.mul(v128.load(v + at), keep2), f32x4.mul(squared, take2));
    const spread = f32x4.add(f32x4.sqrt(f32x4.div(square, correction2)), epsilon);
    const change = f32x4.mul(f32x4.div(f32x4.div(mean, correction1), spread), rate);
    v128.store(toM + at, mean);
    v128.store(toV + at, square);
    v128.store(toW + at, f32x4.add(v128.load(w + at), change));
  }
}

/** Updates one weight panel of a layer, out of place: the state before the step is kept. */
export function updatePanel(plan: Plan, layer: Layer, panel: i32): void {
  const bytes = layer.weightPanel;
  const at = <usize>panel * bytes;
  const w = layer.weights + at;
  const m = layer.firstMoment + at;
  const v = layer.secondMoment + at;
  const g = layer.gradient + at;
  const toW = layer.nextWeights + at;
  const toM = layer.nextFirstMoment + at;
  const toV = layer.nextSecondMoment + at;
  if (plan.optimizer == SGD) sgdPanel(plan, w, g, toW, bytes);
  else if (plan.optimizer == ADAM_TF1) adamTf1Panel(plan, w, m, v, g, toW, toM, toV, bytes);
  else adamTfjsPanel(plan, w, m, v, g, toW, toM, toV, bytes);
  maskPanel(plan, layer, panel, toW);
  if (plan.optimizer == SGD) return;
  maskPanel(plan, layer, panel, toM);
  maskPanel(plan, layer, panel, toV);
}
