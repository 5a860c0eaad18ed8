/**
 * One register tile of a matrix product over panels:
 *   C[r, 0..8) = init[r, 0..8) + sum over k < depth, in order of k, of A[r, k] B[k, 0..8),  r < rows <= 4.
 * Each element is one chain of additions in order of k, so its bits depend on no tiling.
 *
 * The loop over k is not unrolled: V8 then hoists the loads and spills the accumulators.
 *
 * @param a Row 0 of the tile in A's first panel; the next panel is `stride` bytes on. Rows past
 *   `rows` are read and not stored, so three rows past the end must be readable memory.
 * @param b One panel, [depth][8].
 * @param c Row 0 of the tile in C's panel.
 * @param init Row 0 of what the sums start from; the next row is `initStep` bytes on (0: the same).
 */
function tile(
  a: usize,
  stride: usize,
  b: usize,
  depth: i32,
  c: usize,
  rows: i32,
  init: usize,
  initStep: usize,
): void {
  let s00 = v128.load(init);
  let s01 = v128.load(init, 16);
  init += initStep;
  let s10 = v128.load(init);
  let s11 = v128.load(init, 16);
  init += initStep;
  let s20 = v128.load(init);
  let s21 = v128.load(init, 16);
  init += initStep;
  let s30 = v128.load(init);
  let s31 = v128.load(init, 16);
  const bEnd = b + (<usize>depth << 5);
  do {
    const end = min(b + 256, bEnd);
    let p = a;
    do {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const a0 = v128.load_splat<f32>(p);
      s00 = f32x4.add(s00, f32x4.mul(a0, b0));
      s01 = f32x4.add(s01, f32x4.mul(a0, b1));
      const a1 = v128.load_splat<f32>(p, 32);
      s10 = f32x4.add(s10, f32x4.mul(a1, b0));
      s11 = f32x4.add(s11, f32x4.mul(a1, b1));
      const a2 = v128.load_splat<f32>(p, 64);
      s20 = f32x4.add(s20, f32x4.mul(a2, b0));
      s21 = f32x4.add(s21, f32x4.mul(a2, b1));
      const a3 = v128.load_splat<f32>(p, 96);
      s30 = f32x4.add(s30, f32x4.mul(a3, b0));
      s31 = f32x4.add(s31, f32x4.mul(a3, b1));
      p += 4;
      b += 32;
    } while (b < end);
    a += stride;
  } while (b < bEnd);
  v128.store(c, s00);
  v128.store(c, s01, 16);
  if (rows < 2) return;
  v128.store(c, s10, 32);
  v128.store(c, s11, 48);
  if (rows < 3) return;
  v128.store(c, s20, 64);
  v128.store(c, s21, 80);
  if (rows < 4) return;
  v128.store(c, s30, 96);
  v128.store(c, s31, 112);
}

/** Rows of A that are gone over with one panel of B before the next: 96 rows of 400 columns stay in L2. */
const ROW_BLOCK: i32 = 96;

/**
 * C = init + A B over panels. A is [rows, depth] in panels `aStride` bytes apart, B a list of
 * `panels` panels [depth][8] `bStride` bytes apart, C [rows, 8 panels] in panels `cStride` apart.
 *
 * @param init What C starts from, for panel 0; `initStride` bytes from panel to panel, `initStep`
 *   from row to row (0: one row for all, as a bias).
 */
export function product(
  a: usize,
  aStride: usize,
  rows: i32,
  depth: i32,
  b: usize,
  bStride: usize,
  c: usize,
  cStride: usize,
  panels: i32,
  init: usize,
  initStride: usize,
  initStep: usize,
): void {
  for (let first = 0; first < rows; first += ROW_BLOCK) {
    const last = min(rows, first + ROW_BLOCK);
    for (let panel = 0; panel < panels; panel++) {
      const bPanel = b + panel * bStride;
      let aRow = a + (first << 5);
      let cRow = c + panel * cStride + (first << 5);
      let initRow = init + panel * initStride + first * initStep;
      for (let left = last - first; left > 0; left -= 4) {
        tile(aRow, aStride, bPanel, depth, cRow, left, initRow, initStep);
        aRow += 128;
        cRow += 128;
        initRow += initStep << 2;
      }
    }
  }
}
