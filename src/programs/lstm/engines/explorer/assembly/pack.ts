import { copyRun } from "./panel";
import { entry, Layer, layerAt, Plan } from "./plan";

/** One row of `width` floats, row-major, into a row of panels; lanes that pad become 0. */
function packRow(from: usize, panels: i32, to: usize, stride: usize, mask: usize): void {
  for (; panels > 1; panels--, from += 32, to += stride) copyRun(to, from, 32);
  v128.store(to, v128.and(v128.load(from), v128.load(mask)));
  v128.store(to, v128.and(v128.load(from, 16), v128.load(mask, 16)), 16);
}

/** [rows, time, width] into packed panels, `counts[t]` ranks of each timestep. */
function packSequences(
  plan: Plan,
  from: usize,
  width: i32,
  panels: i32,
  counts: usize,
  to: usize,
  mask: usize,
): void {
  for (let t = 0; t < plan.bound; t++) {
    const start = to + (entry(plan.offset, t) << 5);
    for (let rank = 0; rank < entry(counts, t); rank++) {
      const row = (entry(plan.rowOfRank, rank) * plan.time + t) * width;
      packRow(from + (row << 2), panels, start + (rank << 5), <usize>plan.stride, mask);
    }
  }
}

/** Packs the batch: inputs of all active rows into the lowest layer, targets of the rows that go on. */
export function packBatch(plan: Plan): void {
  const lowest = layerAt(plan, 0);
  const highest = layerAt(plan, plan.layerCount - 1);
  packSequences(plan, plan.x, lowest.inputs, lowest.inputPanels, plan.active, lowest.input, plan.inputMask);
  packSequences(plan, plan.y, highest.units, highest.unitPanels, plan.real, plan.target, highest.mask);
}

/** Sets a layer's state before timestep 0 to 0. */
export function clearInitialState(plan: Plan, layer: Layer): void {
  const bytes = entry(plan.active, 0);
  for (let panel = 0; panel < layer.unitPanels; panel++) {
    const at = panel * <usize>plan.stride;
    memory.fill(layer.hiddenPrevious + at, 0, bytes << 5);
    memory.fill(layer.cellPrevious + at, 0, bytes << 5);
  }
}
