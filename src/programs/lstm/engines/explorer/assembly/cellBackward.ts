import { activationGradient, sigmoidGradient } from "./activations";
import { entry, Layer, panelMask, Plan } from "./plan";

/** The lanes held in [-limit, limit]; NaN stays NaN. */
@inline
function held(x: v128, limit: f32): v128 {
  return f32x4.min(f32x4.max(x, f32x4.splat(-limit)), f32x4.splat(limit));
}

/**
 * Backward through one cell step for `bytes` / 32 rows of a panel, op by op as autodiff goes:
 *   dh = what comes from above + dh of the next step, do = dh act(c'), dc = dh o act'(c') + dc of the
 *   next step (0 where the cell clip cut), df = dc c, di = dc j, dj = dc i, and dz of each gate.
 * Each dz is held in [-gradientClip, gradientClip] where that is over 0 (Graves 2013, "Generating sequences").
 * Writes dz over the gates, dh over `above`, dc over `activated`, and dc f to the carry.
 *
 * In a discarded step nothing comes from the next step, whose state does not depend on it, and
 * what it adds (0, or NaN where a factor overflowed) is added to the state's own gradient.
 *
 * @param live All bits for rows that go on at this timestep, none for discarded steps.
 */
function backwardPanel(
  layer: Layer,
  gates: usize,
  gate: usize,
  previous: usize,
  activated: usize,
  above: usize,
  hiddenCarry: usize,
  cellCarry: usize,
  bytes: i32,
  mask: usize,
  live: v128,
  clip: f32,
  gradientClip: f32,
): void {
  const activation = layer.activation;
  for (let at = 0; at < bytes; at += 16) {
    const lanes = v128.load(mask + (at & 16));
    const i = v128.load(gates + at);
    const j = v128.load(gates + gate + at);
    const f = v128.load(gates + 2 * gate + at);
    const o = v128.load(gates + 3 * gate + at);
    const a = v128.load(activated + at);
    const c = v128.load(previous + at);
    const carried = v128.load(cellCarry + at);
    const dh = f32x4.add(v128.load(above + at), v128.and(v128.load(hiddenCarry + at), live));
    let dc = activationGradient(activation, f32x4.mul(dh, o), a);
    dc = f32x4.add(dc, v128.and(carried, live));
    v128.store(above + at, v128.and(dh, lanes));
    v128.store(activated + at, v128.and(dc, lanes));
    if (clip > 0) {
      const unclipped = f32x4.add(f32x4.mul(f, c), f32x4.mul(i, j));
      const inside = v128.and(
        f32x4.ge(unclipped, f32x4.splat(-clip)),
        f32x4.le(unclipped, f32x4.splat(clip)),
      );
      dc = v128.and(dc, inside);
    }
    let di = sigmoidGradient(f32x4.mul(dc, j), i);
    let dj = activationGradient(activation, f32x4.mul(dc, i), j);
    let df = sigmoidGradient(f32x4.mul(dc, c), f);
    let dO = sigmoidGradient(f32x4.mul(dh, a), o);
    if (gradientClip > 0) {
      di = held(di, gradientClip);
      dj = held(dj, gradientClip);
      df = held(df, gradientClip);
      dO = held(dO, gradientClip);
    }
    v128.store(gates + at, v128.and(di, lanes));
    v128.store(gates + gate + at, v128.and(dj, lanes));
    v128.store(gates + 2 * gate + at, v128.and(df, lanes));
    v128.store(gates + 3 * gate + at, v128.and(dO, lanes));
    v128.store(cellCarry + at, f32x4.add(f32x4.mul(dc, f), v128.andnot(carried, live)));
  }
}

/** Backward through the cell of all active rows at timestep t: the rows that go on, then the discarded. */
export function cellBackward(plan: Plan, layer: Layer, t: i32): void {
  const stride = <usize>plan.stride;
  const gate = stride * layer.unitPanels;
  const rows = entry(plan.active, t);
  const real = entry(plan.real, t);
  const offset = entry(plan.offset, t);
  for (let panel = 0; panel < layer.unitPanels; panel++) {
    const mask = panelMask(plan, layer, panel);
    for (let discarded = 0; discarded < 2; discarded++) {
      const first = discarded ? real : 0;
      const bytes = ((discarded ? rows : real) - first) << 5;
      if (bytes <= 0) continue;
      const at = <usize>((offset + first) << 5) + panel * stride;
      const carry = <usize>(first << 5) + panel * <usize>plan.carryStride;
      backwardPanel(
        layer,
        layer.gates + at,
        gate,
        layer.cellPrevious + at,
        layer.cellActivated + at,
        layer.hiddenGradient + at,
        layer.hiddenCarry + carry,
        layer.cellCarry + carry,
        bytes,
        mask,
        i32x4.splat(discarded ? 0 : -1),
        plan.cellClip,
        plan.gradientClip,
      );
    }
  }
}
