import { Layer, Plan } from "./plan";

/** Sets the lanes that pad to 0 in weight panel `panel` of a layer, whose values stand at `at`. */
export function maskPanel(plan: Plan, layer: Layer, panel: i32, at: usize): void {
  if ((layer.units & 7) == 0 || panel % layer.unitPanels != layer.unitPanels - 1) return;
  const low = v128.load(layer.mask);
  const high = v128.load(layer.mask, 16);
  const end = at + layer.weightPanel;
  for (; at < end; at += 32) {
    v128.store(at, v128.and(v128.load(at), low));
    v128.store(at, v128.and(v128.load(at, 16), high), 16);
  }
}

/** Copies `bytes` bytes, a multiple of 16. Short runs: memory.copy costs a call out of WebAssembly. */
export function copyRun(to: usize, from: usize, bytes: i32): void {
  const end = from + bytes;
  for (; from < end; from += 16, to += 16) v128.store(to, v128.load(from));
}

/** Fills `bytes` bytes, a multiple of 16, with 0. */
export function clearRun(at: usize, bytes: i32): void {
  const end = at + bytes;
  for (; at < end; at += 16) v128.store(at, i32x4.splat(0));
}

/**
 * Sum of the 8 lanes of a row of a panel, held as lanes 0..4 and 4..8, in one fixed order:
 * (l0 + l4) + (l1 + l5), plus (l2 + l6) + (l3 + l7).
 */
@inline
export function sumLanes(low: v128, high: v128): f32 {
  const s = f32x4.add(low, high);
  const first = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1);
  return first + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
}
