import { Layer } from "./plan";

/** Transposes 4x4 floats: row i of `from` (32 bytes apart) becomes column i of `to` (32 bytes apart). */
@inline
function block(r0: v128, r1: v128, r2: v128, r3: v128, to: usize): void {
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(t0, t1, 0, 2));
  v128.store(to, v128.shuffle<f64>(t0, t1, 1, 3), 32);
  v128.store(to, v128.shuffle<f64>(t2, t3, 0, 2), 64);
  v128.store(to, v128.shuffle<f64>(t2, t3, 1, 3), 96);
}

/** Row `row` of four of a half panel, or 0 past `count`. */
@inline
function rowOr0(from: usize, row: i32, count: i32): v128 {
  return row < count ? v128.load(from + (row << 5)) : f32x4.splat(0);
}

/** One 4-row, 8-column block of W into 8 rows, 4 columns of the transposed panel; rows past `count` as 0. */
@inline
function quarter(from: usize, count: i32, to: usize): void {
  for (let half = 0; half < 2; half++, from += 16, to += 128)
    block(rowOr0(from, 0, count), rowOr0(from, 1, count), rowOr0(from, 2, count), rowOr0(from, 3, count), to);
}

/** One panel of the transposed kernel: `count` <= 8 rows of W from `first` on become its columns. */
@inline
function panelOf(layer: Layer, first: i32, count: i32, to: usize): void {
  const end = to + layer.transposedPanel;
  for (let from = layer.weights + (first << 5); to < end; from += layer.weightPanel, to += 256) {
    quarter(from, count, to);
    quarter(from + 128, count - 4, to + 16);
  }
}

/** A panel of 8 rows: inlined with that count, it asks for no row whether it is there. */
function fullPanel(layer: Layer, first: i32, to: usize): void {
  panelOf(layer, first, 8, to);
}

/** The last panel of `count` rows. */
function lastPanel(layer: Layer, first: i32, count: i32, to: usize): void {
  panelOf(layer, first, count, to);
}

/** The panels of `rows` rows of W from `first` on. */
function panelsOf(layer: Layer, first: i32, rows: i32, to: usize): void {
  for (; rows >= 8; rows -= 8, first += 8, to += layer.transposedPanel) fullPanel(layer, first, to);
  if (rows > 0) lastPanel(layer, first, rows, to);
}

/**
 * A layer's kernel transposed: panel q holds kernel rows 8q..8q+8 as columns, [8 * 4 unitPanels][8]; the panels of x come
 * first, left out unless `withInputs`, then those of h.
 */
export function transposePanels(layer: Layer, withInputs: bool): void {
  if (withInputs) panelsOf(layer, 0, layer.inputs, layer.transposed);
  const hidden = layer.transposed + layer.inputPanels * layer.transposedPanel;
  panelsOf(layer, layer.inputs, layer.units, hidden);
}
