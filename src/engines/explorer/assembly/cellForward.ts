import { activate, sigmoid } from "./activations";
import { copyRun } from "./panel";
import { entry, Layer, LINEAR, MEASURED, Plan, RELU, SIGMOID, TANH } from "./plan";

/**
 * One cell step of the `bytes` / 32 rows of one timestep, over all panels, four units at a time:
 *   i = sigmoid(zi), j = activation(zj), f = sigmoid(zf + forgetBias), o = sigmoid(zo),
 *   c' = f c + i j, clipped to [-clip, clip] where clip > 0 (tf.clip_by_value: NaN stays NaN),
 *   a = activation(c'), h' = o a.
 * Leaves the gates in place of the pre-activations. Keeps the largest |c'| and |h'|, as bits, so that NaN
 * wins over Infinity, and Infinity over all others.
 *
 * One loop for all panels and gates: the functions' many constants are loaded once, and the chains of
 * operations of the three sigmoids run side by side. Inlined once for each activation.
 *
 * @param start Byte of the timestep's first row in every packed array.
 */
@inline
function cellRows(activation: i32, plan: Plan, layer: Layer, start: usize, bytes: i32): void {
  const stride = <usize>plan.stride;
  const gate = stride * layer.unitPanels;
  const clip: f32 = plan.cellClip > 0 ? plan.cellClip : Infinity;
  const forgetBias = f32x4.splat(plan.forgetBias);
  const magnitude = i32x4.splat(0x7fffffff);
  const zi = layer.gates;
  const zj = zi + gate;
  const zf = zj + gate;
  const zo = zf + gate;
  let cellMaxima = v128.load(layer.cellMaxima);
  let hiddenMaxima = v128.load(layer.hiddenMaxima);
  let at = start;
  let end = at + bytes;
  let panel = layer.unitPanels;
  let mask = panel == 1 ? layer.mask : plan.ones;
  while (true) {
    const lanes = v128.load(mask + (at & 16));
    const i = sigmoid(v128.load(zi + at));
    const f = sigmoid(f32x4.add(v128.load(zf + at), forgetBias));
    const o = sigmoid(v128.load(zo + at));
    const j = activate(activation, v128.load(zj + at));
    v128.store(zi + at, i);
    v128.store(zj + at, j);
    v128.store(zf + at, f);
    v128.store(zo + at, o);
    let c = f32x4.add(f32x4.mul(f, v128.load(layer.cellPrevious + at)), f32x4.mul(i, j));
    c = f32x4.pmax(f32x4.pmin(c, f32x4.splat(clip)), f32x4.splat(-clip));
    c = v128.and(c, lanes);
    const a = activate(activation, c);
    const h = v128.and(f32x4.mul(o, a), lanes);
    if (MEASURED) {
      cellMaxima = i32x4.max_u(cellMaxima, v128.and(c, magnitude));
      hiddenMaxima = i32x4.max_u(hiddenMaxima, v128.and(h, magnitude));
    }
    v128.store(layer.cell + at, c);
    v128.store(layer.cellActivated + at, a);
    v128.store(layer.hidden + at, h);
    at += 16;
    if (at < end) continue;
    if (--panel == 0) break;
    at += stride - bytes;
    end += stride;
    if (panel == 1) mask = layer.mask;
  }
  v128.store(layer.cellMaxima, cellMaxima);
  v128.store(layer.hiddenMaxima, hiddenMaxima);
}

function reluRows(plan: Plan, layer: Layer, start: usize, bytes: i32): void {
  cellRows(RELU, plan, layer, start, bytes);
}

function tanhRows(plan: Plan, layer: Layer, start: usize, bytes: i32): void {
  cellRows(TANH, plan, layer, start, bytes);
}

function sigmoidRows(plan: Plan, layer: Layer, start: usize, bytes: i32): void {
  cellRows(SIGMOID, plan, layer, start, bytes);
}

function linearRows(plan: Plan, layer: Layer, start: usize, bytes: i32): void {
  cellRows(LINEAR, plan, layer, start, bytes);
}

/**
 * The state that timestep t + 1 starts from, for a panel: of rows that went on at t the new one, of
 * rows that had ended the one they had (TensorFlow's select).
 */
function carryState(plan: Plan, t: i32, after: usize, before: usize): void {
  const rows = entry(plan.active, t + 1);
  if (rows == 0) return;
  const kept = min(rows, entry(plan.real, t));
  const from = entry(plan.offset, t) << 5;
  const to = entry(plan.offset, t + 1) << 5;
  copyRun(before + to, after + from, kept << 5);
  copyRun(before + to + (kept << 5), before + from + (kept << 5), (rows - kept) << 5);
}

/**
 * One LSTM cell step of all active rows at timestep t, from the pre-activations in `gates`
 * (tf.nn.rnn_cell.LSTMCell), and the state for timestep t + 1.
 */
export function cellForward(plan: Plan, layer: Layer, t: i32): void {
  const start = <usize>(entry(plan.offset, t) << 5);
  const bytes = entry(plan.active, t) << 5;
  const activation = layer.activation;
  if (activation == RELU) reluRows(plan, layer, start, bytes);
  else if (activation == TANH) tanhRows(plan, layer, start, bytes);
  else if (activation == SIGMOID) sigmoidRows(plan, layer, start, bytes);
  else linearRows(plan, layer, start, bytes);
  if (t + 1 == plan.bound) return;
  const stride = <usize>plan.stride;
  for (let panel = 0; panel < layer.unitPanels; panel++) {
    const at = panel * stride;
    carryState(plan, t, layer.cell + at, layer.cellPrevious + at);
    carryState(plan, t, layer.hidden + at, layer.hiddenPrevious + at);
  }
}
