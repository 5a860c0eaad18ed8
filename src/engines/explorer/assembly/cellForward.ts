import { activatePanels, sigmoidGates } from "./activations";
import { copyRun } from "./panel";
import { entry, Layer, panelMask, Plan } from "./plan";

/**
 * c' = f c + i j for a panel of one timestep (`bytes` = 32 rows), clipped to [-clip, clip] where clip > 0
 * (tf.clip_by_value: NaN stays NaN), written to `cell` and `activated`. Keeps the largest |c'|,
 * as bits, so that NaN wins over Infinity, and Infinity over all others.
 */
function cellPanel(
  layer: Layer,
  gates: usize,
  gate: usize,
  previous: usize,
  cell: usize,
  activated: usize,
  bytes: i32,
  mask: usize,
  clip: f32,
): void {
  let maxima = v128.load(layer.cellMaxima);
  const magnitude = i32x4.splat(0x7fffffff);
  for (let at = 0; at < bytes; at += 16) {
    const i = v128.load(gates + at);
    const j = v128.load(gates + gate + at);
    const f = v128.load(gates + 2 * gate + at);
    let c = f32x4.add(f32x4.mul(f, v128.load(previous + at)), f32x4.mul(i, j));
    if (clip > 0) c = f32x4.max(f32x4.min(c, f32x4.splat(clip)), f32x4.splat(-clip));
    c = v128.and(c, v128.load(mask + (at & 16)));
    maxima = i32x4.max_u(maxima, v128.and(c, magnitude));
    v128.store(cell + at, c);
    v128.store(activated + at, c);
  }
  v128.store(layer.cellMaxima, maxima);
}

/** h' = o activation(c') for a panel of one timestep; keeps the largest |h'|, as bits. */
function hiddenPanel(layer: Layer, o: usize, activated: usize, hidden: usize, bytes: i32, mask: usize): void {
  let maxima = v128.load(layer.hiddenMaxima);
  const magnitude = i32x4.splat(0x7fffffff);
  for (let at = 0; at < bytes; at += 16) {
    let h = f32x4.mul(v128.load(o + at), v128.load(activated + at));
    h = v128.and(h, v128.load(mask + (at & 16)));
    maxima = i32x4.max_u(maxima, v128.and(h, magnitude));
    v128.store(hidden + at, h);
  }
  v128.store(layer.hiddenMaxima, maxima);
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
 * (tf.nn.rnn_cell.LSTMCell): sigmoid of i, f + forgetBias and o, activation of j, then
 * c' = f c + i j and h' = o activation(c'). Leaves the gates in place of the pre-activations.
 */
export function cellForward(plan: Plan, layer: Layer, t: i32): void {
  const stride = <usize>plan.stride;
  const gate = stride * layer.unitPanels;
  const start = <usize>(entry(plan.offset, t) << 5);
  const bytes = entry(plan.active, t) << 5;
  const gates = layer.gates + start;
  const activated = layer.cellActivated + start;
  sigmoidGates(gates, gate, stride, bytes, plan.forgetBias);
  activatePanels(layer.activation, gates + gate, gates + 2 * gate, stride, bytes);
  for (let panel = 0; panel < layer.unitPanels; panel++) {
    const at = panel * stride;
    const mask = panelMask(plan, layer, panel);
    const from = start + at;
    cellPanel(
      layer,
      gates + at,
      gate,
      layer.cellPrevious + from,
      layer.cell + from,
      activated + at,
      bytes,
      mask,
      plan.cellClip,
    );
  }
  activatePanels(layer.activation, activated, activated + gate, stride, bytes);
  for (let panel = 0; panel < layer.unitPanels; panel++) {
    const at = panel * stride;
    const mask = panelMask(plan, layer, panel);
    hiddenPanel(layer, gates + 3 * gate + at, activated + at, layer.hidden + start + at, bytes, mask);
    if (t + 1 == plan.bound) continue;
    carryState(plan, t, layer.cell + at, layer.cellPrevious + at);
    carryState(plan, t, layer.hidden + at, layer.hiddenPrevious + at);
  }
}
