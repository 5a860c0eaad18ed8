import { clipGradients } from "./clip";
import { cosineDistance, cosineGradient } from "./cosine";
import { largestBits, sumOfSquares } from "./measure";
import { backward, forward } from "./network";
import { updatePanel } from "./optimizers";
import { packBatch } from "./pack";
import { CLIP_NONE, Layer, layerAt, MEASURED, Plan, SGD } from "./plan";
import { areNative, copyOf, measuredMaxima, measuredSquares, nativeUpdate } from "./products";

/** Byte offsets in the results, f64 each but for the four lanes of MOMENTS; as in ../planFields.ts. */
const COSINE: i32 = 0;
const REGULARISER: i32 = 8;
const RAW_SQUARES: i32 = 16;
const APPLIED_SQUARES: i32 = 24;
const WEIGHT_SQUARES: i32 = 32;
const MOMENTS: i32 = 40;
const LAYER_SQUARES: i32 = 56;

/** Sum of squares of one of a layer's parameter-shaped arrays. */
function layerSquares(layer: Layer, at: usize): f64 {
  let sum: f64 = 0;
  for (let panel = 0; panel < layer.unitPanels * 4; panel++)
    sum += sumOfSquares(at + panel * layer.weightPanel, layer.weightPanel);
  return sum;
}

/** l2 sum w^2 / 2 over kernels and biases, the half sum rounded to float32 as tf.nn.l2_loss has it. */
function regulariser(plan: Plan): f32 {
  if (plan.l2 == 0) return 0;
  let sum: f64 = 0;
  for (let l = 0; l < plan.layerCount; l++) {
    const layer = layerAt(plan, l);
    sum += layerSquares(layer, layer.weights);
  }
  return <f32>(sum * 0.5) * plan.l2;
}

/** Forward and loss: leaves the cosine distance and the regulariser in the results. */
export function evaluate(plan: Plan): void {
  for (let l = 0; l < plan.layerCount; l++) {
    const layer = layerAt(plan, l);
    v128.store(layer.cellMaxima, i32x4.splat(0));
    v128.store(layer.hiddenMaxima, i32x4.splat(0));
  }
  packBatch(plan);
  forward(plan);
  score(plan);
}

/** The cosine distance of the outputs and the regulariser. */
export function score(plan: Plan): void {
  store<f64>(plan.results + COSINE, <f64>cosineDistance(plan));
  store<f64>(plan.results + REGULARISER, <f64>regulariser(plan));
}

/** Clips, and measures what the optimizer is given. */
export function clip(plan: Plan): void {
  let raw: f64 = 0;
  for (let l = 0; l < plan.layerCount; l++) raw += load<f64>(plan.results + LAYER_SQUARES + (l << 3));
  store<f64>(plan.results + RAW_SQUARES, raw);
  clipGradients(plan, raw);
  let applied = raw;
  if (plan.clip != CLIP_NONE) {
    applied = 0;
    for (let l = 0; l < plan.layerCount; l++) {
      const layer = layerAt(plan, l);
      applied += layerSquares(layer, layer.gradient);
    }
  }
  store<f64>(plan.results + APPLIED_SQUARES, applied);
}

/** Forward, loss, backward and clipping: leaves the clipped gradients. */
export function gradients(plan: Plan): void {
  evaluate(plan);
  cosineGradient(plan);
  backward(plan, plan.results + LAYER_SQUARES);
  clip(plan);
}

/** Whether skipNonFinite leaves this step out: a raw gradient or the loss is not finite. */
function isSkipped(plan: Plan): bool {
  if (!plan.skipNonFinite) return false;
  const loss = <f32>load<f64>(plan.results + COSINE) + <f32>load<f64>(plan.results + REGULARISER);
  return !isFinite(load<f64>(plan.results + RAW_SQUARES)) || !isFinite(loss);
}

/** Updates one layer natively, which measures it too. */
function updateNatively(plan: Plan, layer: Layer): void {
  nativeUpdate(layer.index, copyOf(layer), plan.optimizer);
  const bytes = layer.weightPanel;
  let squares = load<f64>(plan.results + WEIGHT_SQUARES);
  for (let panel = 0; panel < layer.unitPanels * 4; panel++)
    squares += measuredSquares(plan, panel, layer.nextWeights + <usize>panel * bytes, bytes);
  store<f64>(plan.results + WEIGHT_SQUARES, squares);
  v128.store(layer.weightMaxima, measuredMaxima(plan, false));
  const moments = i32x4.max_u(v128.load(plan.results + MOMENTS), measuredMaxima(plan, true));
  v128.store(plan.results + MOMENTS, moments);
}

/** Updates one layer panel by panel (measured while in cache), or measures it as it is when skipped. */
function updateLayer(plan: Plan, layer: Layer, skipped: bool): void {
  const bytes = layer.weightPanel;
  let squares = load<f64>(plan.results + WEIGHT_SQUARES);
  let weightMaxima = i32x4.splat(0);
  let momentMaxima = v128.load(plan.results + MOMENTS);
  for (let panel = 0; panel < layer.unitPanels * 4; panel++) {
    const at = <usize>panel * bytes;
    if (!skipped) updatePanel(plan, layer, panel);
    if (!MEASURED) continue;
    const w = (skipped ? layer.weights : layer.nextWeights) + at;
    squares += sumOfSquares(w, bytes);
    weightMaxima = largestBits(w, bytes, weightMaxima);
    if (plan.optimizer == SGD) continue;
    const m = (skipped ? layer.firstMoment : layer.nextFirstMoment) + at;
    const v = (skipped ? layer.secondMoment : layer.nextSecondMoment) + at;
    momentMaxima = largestBits(v, bytes, largestBits(m, bytes, momentMaxima));
  }
  v128.store(layer.weightMaxima, weightMaxima);
  store<f64>(plan.results + WEIGHT_SQUARES, squares);
  v128.store(plan.results + MOMENTS, momentMaxima);
}

/** Weights and moments after the step, into the `next` arrays; when skipped nothing is written there. */
export function update(plan: Plan, skipped: bool): void {
  store<f64>(plan.results + WEIGHT_SQUARES, 0);
  v128.store(plan.results + MOMENTS, i32x4.splat(0));
  for (let l = 0; l < plan.layerCount; l++) {
    const layer = layerAt(plan, l);
    if (!skipped && areNative(plan, layer)) updateNatively(plan, layer);
    else updateLayer(plan, layer, skipped);
  }
}

/** Makes what an update wrote a layer's present parameters; the ones before the step are kept. */
function exchange(layer: Layer): void {
  const weights = layer.weights;
  const firstMoment = layer.firstMoment;
  const secondMoment = layer.secondMoment;
  layer.weights = layer.nextWeights;
  layer.firstMoment = layer.nextFirstMoment;
  layer.secondMoment = layer.nextSecondMoment;
  layer.nextWeights = weights;
  layer.nextFirstMoment = firstMoment;
  layer.nextSecondMoment = secondMoment;
}

/**
 * One whole training step: what was written to the `next` arrays is the present state afterwards.
 * @returns 1 when skipNonFinite left the state as it was.
 */
export function step(plan: Plan): i32 {
  gradients(plan);
  const skipped = isSkipped(plan);
  update(plan, skipped);
  plan.finiteWeights = isFinite(load<f64>(plan.results + WEIGHT_SQUARES)) ? 1 : 0;
  for (let l = 0; l < plan.layerCount && !skipped; l++) exchange(layerAt(plan, l));
  return skipped ? 1 : 0;
}
