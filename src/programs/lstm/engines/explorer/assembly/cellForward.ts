import { activate, sigmoid } from "./activations";
import { copyRun } from "./panel";
import { entry, Layer, LINEAR, MEASURED, panelMask, Plan, RELU, SIGMOID, TANH } from "./plan";

/**
 * The gates of `bytes` / 32 rows of one timestep, in place of their pre-activations, over all panels:
 *   i = sigmoid(zi), j = activation(zj), f = sigmoid(zf + forgetBias), o = sigmoid(zo).
 * A sigmoid is one long chain of operations, and a processor sees few chains ahead: six of them stand side by side, those
 * of the two halves of a panel's row.
 */
@inline
function gateRows(activation: i32, plan: Plan, layer: Layer, start: usize, bytes: i32): void {
  const stride = <usize>plan.stride;
  const gate = stride * layer.unitPanels;
  const forgetBias = f32x4.splat(plan.forgetBias);
  const last = layer.gates + start + gate;
  for (let first = layer.gates + start; first < last; first += stride)
    for (let zi = first; zi < first + bytes; zi += 32) {
      const zj = zi + gate;
      const zf = zj + gate;
      const zo = zf + gate;
      const i0 = sigmoid(v128.load(zi));
      const i1 = sigmoid(v128.load(zi, 16));
      const f0 = sigmoid(f32x4.add(v128.load(zf), forgetBias));
      const f1 = sigmoid(f32x4.add(v128.load(zf, 16), forgetBias));
      const o0 = sigmoid(v128.load(zo));
      const o1 = sigmoid(v128.load(zo, 16));
      v128.store(zi, i0);
      v128.store(zi, i1, 16);
      v128.store(zf, f0);
      v128.store(zf, f1, 16);
      v128.store(zo, o0);
      v128.store(zo, o1, 16);
      v128.store(zj, activate(activation, v128.load(zj)));
      v128.store(zj, activate(activation, v128.load(zj, 16)), 16);
    }
}

/**
 * The state after one timestep, from its gates, over all panels, four units at a time:
 *   c' = f c + i j, clipped to [-clip, clip] where clip > 0 (tf.clip_by_value: NaN stays NaN),
 *   a = activation(c'), h' = o a.
 * Keeps the largest |c'| and |h'|, as bits, so that NaN wins over Infinity, and Infinity over all others.
 */
@inline
function stateRows(activation: i32, plan: Plan, layer: Layer, start: usize, bytes: i32): void {
  const stride = <usize>plan.stride;
  const gate = stride * layer.unitPanels;
  const clip: f32 = plan.cellClip > 0 ? plan.cellClip : Infinity;
  const magnitude = i32x4.splat(0x7fffffff);
  const i = layer.gates;
  const j = i + gate;
  const f = j + gate;
  const o = f + gate;
  let cellMaxima = v128.load(layer.cellMaxima);
  let hiddenMaxima = v128.load(layer.hiddenMaxima);
  for (let panel = 0; panel < layer.unitPanels; panel++) {
    const mask = panelMask(plan, layer, panel);
    const first = start + panel * stride;
    for (let at = first; at < first + bytes; at += 16) {
      const lanes = v128.load(mask + (at & 16));
      const kept = f32x4.mul(v128.load(f + at), v128.load(layer.cellPrevious + at));
      let c = f32x4.add(kept, f32x4.mul(v128.load(i + at), v128.load(j + at)));
      c = f32x4.pmax(f32x4.pmin(c, f32x4.splat(clip)), f32x4.splat(-clip));
      c = v128.and(c, lanes);
      const a = activate(activation, c);
      const h = v128.and(f32x4.mul(v128.load(o + at), a), lanes);
      if (MEASURED) {
        cellMaxima = i32x4.max_u(cellMaxima, v128.and(c, magnitude));
        hiddenMaxima = i32x4.max_u(hiddenMaxima, v128.and(h, magnitude));
      }
      v128.store(layer.cell + at, c);
      v128.store(layer.cellActivated + at, a);
      v128.store(layer.hidden + at, h);
    }
  }
  v128.store(layer.cellMaxima, cellMaxima);
  v128.store(layer.hiddenMaxima, hiddenMaxima);
}

/**
 * One cell step of the `bytes` / 32 rows of one timestep. Inlined once for each activation.
 *
 * @param start Byte of the timestep's first row in every packed array.
 */
@inline
function cellRows(activation: i32, plan: Plan, layer: Layer, start: usize, bytes: i32): void {
  gateRows(activation, plan, layer, start, bytes);
  stateRows(activation, plan, layer, start, bytes);
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
