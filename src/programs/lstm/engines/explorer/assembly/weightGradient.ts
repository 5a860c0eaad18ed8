import { sumOfSquares } from "./measure";
import { maskPanel } from "./panel";
import { entry, Layer, MEASURED, Plan } from "./plan";
import { isNative, measuredSquares, nativeWeightGradient } from "./products";

/** Packed rows summed before the next panel: their inputs stay in L2. The sums go on where they stood. */
const ROW_BLOCK: i32 = 256;

/** Bytes of the panels that are summed natively in one call. */
const GROUP_BYTES: i32 = 131072;

/**
 * Four rows of dW for one panel: G[k, 0..8) += sum over packed rows p, in order, of A[p, k] dz[p, 0..8).
 * @param a Column k of the first row, in a panel of A; the next row is 32 bytes on.
 * @param dz The first row of a panel of dz.
 * @param g Row k of a panel of the gradient; `count` <= 4 rows of it are written.
 * @param init Four rows that the sums start from: 0, or `g` itself.
 */
function tile(a: usize, dz: usize, end: usize, g: usize, count: i32, init: usize): void {
  let s00 = v128.load(init);
  let s01 = v128.load(init, 16);
  let s10 = v128.load(init, 32);
  let s11 = v128.load(init, 48);
  let s20 = v128.load(init, 64);
  let s21 = v128.load(init, 80);
  let s30 = v128.load(init, 96);
  let s31 = v128.load(init, 112);
  do {
    const b0 = v128.load(dz);
    const b1 = v128.load(dz, 16);
    const a0 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(a0, b0));
    s01 = f32x4.add(s01, f32x4.mul(a0, b1));
    const a1 = v128.load_splat<f32>(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(a1, b0));
    s11 = f32x4.add(s11, f32x4.mul(a1, b1));
    const a2 = v128.load_splat<f32>(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(a2, b0));
    s21 = f32x4.add(s21, f32x4.mul(a2, b1));
    const a3 = v128.load_splat<f32>(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(a3, b0));
    s31 = f32x4.add(s31, f32x4.mul(a3, b1));
    a += 32;
    dz += 32;
  } while (dz < end);
  v128.store(g, s00);
  v128.store(g, s01, 16);
  if (count < 2) return;
  v128.store(g, s10, 32);
  v128.store(g, s11, 48);
  if (count < 3) return;
  v128.store(g, s20, 64);
  v128.store(g, s21, 80);
  if (count < 4) return;
  v128.store(g, s30, 96);
  v128.store(g, s31, 112);
}

/**
 * Rows of dW that belong to `columns` columns of A's panels, for one panel of dz.
 * @param zeros Four rows of 0 where the sums start fresh, else 0.
 */
function rowsOf(a: usize, stride: usize, columns: i32, dz: usize, end: usize, g: usize, zeros: usize): void {
  for (let column = 0; column < columns; column += 4, g += 128)
    tile(
      a + (column >> 3) * stride + ((column & 4) << 2),
      dz,
      end,
      g,
      columns - column,
      zeros ? zeros : g,
    );
}

/** The bias row: G[bias, 0..8) += sum over packed rows of dz. Whether it is finite, and so every dz in it. */
function biasOf(dz: usize, end: usize, g: usize, init: usize): bool {
  let s0 = v128.load(init);
  let s1 = v128.load(init, 16);
  do {
    s0 = f32x4.add(s0, v128.load(dz));
    s1 = f32x4.add(s1, v128.load(dz, 16));
    dz += 32;
  } while (dz < end);
  v128.store(g, s0);
  v128.store(g, s1, 16);
  const largest = f32x4.max(f32x4.abs(s0), f32x4.abs(s1));
  return i32x4.all_true(f32x4.lt(largest, f32x4.splat(Infinity)));
}

/** g += l2 w over one panel, the regulariser's gradient. */
function regularisePanel(g: usize, w: usize, bytes: i32, l2: f32): void {
  const factor = f32x4.splat(l2);
  const end = g + bytes;
  for (; g < end; g += 16, w += 16)
    v128.store(g, f32x4.add(v128.load(g), f32x4.mul(v128.load(w), factor)));
}

/** Packed rows of timestep 0, whose hidden state is 0, where a later timestep follows before row `end`; else 0. */
function firstTimestep(plan: Plan, end: i32): i32 {
  const rows = entry(plan.active, 0);
  return rows < end ? rows : 0;
}

/**
 * One panel of dW, summed over the packed rows from `firstRow` to `lastRow`. The state before timestep 0 is 0 and adds
 * nothing, unless a dz is not finite.
 */
function panelOf(plan: Plan, layer: Layer, panel: i32, firstRow: i32, lastRow: i32): void {
  let start = <usize>(firstRow << 5);
  const end = <usize>(lastRow << 5);
  const stride = <usize>plan.stride;
  const dz = layer.gates + panel * stride;
  const last = dz + end;
  const g = layer.gradient + panel * layer.weightPanel;
  const hiddenRows = g + (layer.inputs << 5);
  const biasRow = hiddenRows + (layer.units << 5);
  const zeros = start == 0 ? plan.zeros : 0;
  const finite = biasOf(dz + start, last, biasRow, zeros ? zeros : biasRow);
  rowsOf(layer.input + start, stride, layer.inputs, dz + start, last, g, zeros);
  if (start == 0 && finite) start = <usize>(firstTimestep(plan, lastRow) << 5);
  rowsOf(layer.hiddenPrevious + start, stride, layer.units, dz + start, last, hiddenRows, zeros);
}

/** Panels that are summed one after the other before they are finished: 1 here, as many natively as stay in cache. */
function groupOf(plan: Plan, layer: Layer): i32 {
  if (!isNative(plan, min(plan.packed, ROW_BLOCK), layer.weightRows, layer.unitPanels << 2)) return 1;
  return max(4, (GROUP_BYTES / layer.weightPanel) & ~3);
}

/** Masks a summed panel and adds the regulariser's gradient; returns the sum of its squares. */
function finishPanel(plan: Plan, layer: Layer, panel: i32): f64 {
  const bytes = layer.weightPanel;
  const g = layer.gradient + panel * bytes;
  maskPanel(plan, layer, panel, g);
  if (plan.l2 != 0) regularisePanel(g, layer.weights + panel * bytes, bytes, plan.l2);
  return MEASURED ? sumOfSquares(g, bytes) : 0;
}

/**
 * The gradient of a layer's parameters, dW = [x, h_previous, 1]^T dz summed over all packed rows,
 * discarded steps included, plus l2 W; in panels as the weights: [4 unitPanels][weightRows][8]. Lanes that
 * pad are set to 0 (Infinity * 0 in them is no fault of the run).
 *
 * @returns Sum of its squares in float64, taken while each panel is in cache.
 */
export function weightGradient(plan: Plan, layer: Layer): f64 {
  const panels = layer.unitPanels * 4;
  const group = groupOf(plan, layer);
  const measuredNatively = MEASURED && group > 1 && plan.l2 == 0;
  let squares: f64 = 0;
  for (let first = 0; first < plan.packed; first += ROW_BLOCK) {
    const last = min(plan.packed, first + ROW_BLOCK);
    for (let panel = 0; panel < panels; panel += group) {
      const end = min(panels, panel + group);
      if (group > 1) {
        const skipped = first == 0 ? firstTimestep(plan, last) : 0;
        const finish = measuredNatively && last == plan.packed;
        nativeWeightGradient(layer.index, first, last - first, panel, end - panel, skipped, finish);
      } else panelOf(plan, layer, panel, first, last);
      if (last < plan.packed) continue;
      for (let at = panel; at < end; at++)
        squares += measuredNatively
          ? measuredSquares(plan, at, layer.gradient + at * layer.weightPanel, layer.weightPanel)
          : finishPanel(plan, layer, at);
    }
  }
  return squares;
}
