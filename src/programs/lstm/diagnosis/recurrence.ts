import { gateColumn, gateColumns } from "../cases/gates.ts";
import type { Site } from "./site.ts";
import type { TensorName, TraceGroup } from "./trace.ts";

/** Memory of one layer: its kernel, and each row's state after the last timestep that it ran. */
export interface LayerMemory {
  units: number;
  /** [inputs + units, 4 units] */
  kernel: Float32Array;
  /** [rows, units] */
  cell: Float32Array;
  /** [rows, units] */
  hidden: Float32Array;
  /** Largest finite |cell| or |hidden| of each row where it first was not 0. */
  first: Float64Array;
  /** The same over all timesteps so far. */
  largest: Float64Array;
}

/** The memory of a layer that nothing has happened in. */
export function memoryOf(rows: number, units: number): LayerMemory {
  return {
    units,
    kernel: new Float32Array(0),
    cell: new Float32Array(rows * units),
    hidden: new Float32Array(rows * units),
    first: new Float64Array(rows),
    largest: new Float64Array(rows),
  };
}

/** The kernel products of one gate, as pairs of what is multiplied: [x or h of the row, weight]. */
function* operands(memory: LayerMemory, site: Site, group: TraceGroup, gate: number) {
  const { units, kernel } = memory;
  const input = rowOf("input", site, group);
  const hidden = memory.hidden.subarray(site.row * units, (site.row + 1) * units);
  for (let k = 0; k < input.length + units; k++) {
    const recurrent = k >= input.length;
    const value = (recurrent ? hidden[k - input.length] : input[k]) ?? 0;
    yield { recurrent, value, weight: kernel[k * gateColumns(units) + gate] ?? 0 };
  }
}

/** The values of the site's row in another tensor of its group. */
function rowOf(name: TensorName, { row }: Site, { tensors }: TraceGroup): Float32Array {
  const tensor = tensors.find((candidate) => candidate.name === name);
  return tensor?.values.subarray(row * tensor.columns, (row + 1) * tensor.columns) ?? new Float32Array(0);
}

/** True where an infinite value meets a weight of 0 in the pre-activation at the site. */
export function meetsZeroWeight(memory: LayerMemory, site: Site, group: TraceGroup): boolean {
  for (const { value, weight } of operands(memory, site, group, site.unit))
    if (weight === 0 && Math.abs(value) === Number.POSITIVE_INFINITY) return true;
  return false;
}

/**
 * True where the largest term of the value at the site comes from the layer's own state and not from its input:
 * of a pre-activation the largest product |h k| against |x k|; of a cell, whose candidate is a pre-activation
 * too, first the carried cell against the candidate.
 */
export function leadsThroughRecurrence(memory: LayerMemory, site: Site, group: TraceGroup): boolean {
  const { units } = memory;
  const isCell = site.tensor !== "preActivation";
  const gate = isCell ? gateColumn("candidate", site.unit, units) : site.unit;
  const carried = Math.abs(memory.cell[site.row * units + site.unit] ?? 0);
  if (isCell && carried > Math.abs(rowOf("preActivation", site, group)[gate] ?? 0)) return true;
  const largest = { input: 0, hidden: 0 };
  for (const { recurrent, value, weight } of operands(memory, site, group, gate)) {
    const from = recurrent ? "hidden" : "input";
    const product = Math.abs(value * weight);
    if (product > largest[from]) largest[from] = product;
  }
  return largest.hidden > largest.input;
}
