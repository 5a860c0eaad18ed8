import type { Batch } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { type LayerMemory, leadsThroughRecurrence, meetsZeroWeight, memoryOf } from "./recurrence.ts";
import type { Site } from "./site.ts";
import type { TensorName, TraceGroup } from "./trace.ts";
import { hasZeroMoments } from "./zeroMoments.ts";

/** A state counts as grown past inputs and earlier states by this factor. */
const GROWTH = 1e3;

/** History of the rows up to the first non-finite value; fed group by group. */
export class RowHistory {
  readonly #batch: Batch;
  readonly #layers: LayerMemory[];
  readonly #largestInput: Float64Array;
  /** Keys of vectors whose squares sum to 0. */
  readonly #zeroNorms = new Set<string>();

  constructor(testCase: TrainingCase, batch: Batch) {
    this.#batch = batch;
    this.#layers = testCase.model.layers.map(({ units }) => memoryOf(batch.rows, units));
    this.#largestInput = new Float64Array(batch.rows);
  }

  /** Takes in the finite values of a group. */
  add(group: TraceGroup): void {
    const { timestep, layer } = group;
    for (const { name, columns, values } of group.tensors) {
      if (name === "targetSumOfSquares" || name === "outputSumOfSquares")
        values.forEach((sum, row) => {
          if (sum === 0) this.#zeroNorms.add(normKey(name, timestep, row));
        });
      const memory = layer === null ? undefined : this.#layers[layer];
      if (group.phase !== "forward" || memory === undefined) continue;
      if (name === "kernel") memory.kernel = values;
      if (timestep === null) continue;
      for (let row = 0; row < this.#batch.rows; row++) {
        const runs = timestep < (this.#batch.lengths[row] ?? 0);
        const at = values.subarray(row * columns, (row + 1) * columns);
        if (name === "input" && layer === 0) this.#seeInput(row, at);
        if ((name === "cell" || name === "hidden") && runs) {
          memory[name].set(at, row * columns);
          const largest = largestFinite(at);
          if (memory.first[row] === 0) memory.first[row] = largest;
          memory.largest[row] = Math.max(memory.largest[row] ?? 0, largest);
        }
      }
    }
  }

  /** The surroundings of a site in a group that has not been added yet, and the layer that grew. */
  around(site: Site, group: TraceGroup) {
    for (const { name, columns, values } of group.tensors)
      if (group.phase === "forward" && name === "input" && group.layer === 0)
        this.#seeInput(site.row, values.subarray(site.row * columns, (site.row + 1) * columns));
    const vector = site.tensor === "normalisedTarget" ? "targetSumOfSquares" : "outputSumOfSquares";
    if (group.phase === "normalise") this.add(group);
    return {
      rowLength: this.#batch.lengths[site.row] ?? 0,
      grown: site.phase === "forward" && this.#grown(site, group),
      zeroNorm: this.#zeroNorms.has(normKey(vector, site.timestep, site.row)),
      zeroMoments: hasZeroMoments(site, group),
      growingLayer: this.#growingLayer(site),
    };
  }

  /** True where an infinite value meets a weight of 0 in the pre-activation at a site of a group that has not been added yet. */
  metZeroWeight(site: Site, group: TraceGroup): boolean {
    const memory = site.layer === null ? undefined : this.#layers[site.layer];
    return site.tensor === "preActivation" && memory !== undefined && meetsZeroWeight(memory, site, group);
  }

  /**
   * True where a state of this layer or one below grew a thousandfold over the timesteps of the row, past every
   * input so far; where that took a single timestep, also where the overflow is fed by the row's own large state and
   * not by what comes in from below.
   */
  #grown(site: Site, group: TraceGroup): boolean {
    if (site.layer === null) return false;
    const { row } = site;
    const inputs = this.#largestInput[row] ?? 0;
    const fed = this.#layers.slice(0, site.layer + 1);
    if (fed.some(({ largest, first }) => (largest[row] ?? 0) > GROWTH * Math.max(first[row] ?? 0, inputs)))
      return true;
    const own = fed[site.layer] as LayerMemory;
    return (own.largest[row] ?? 0) > GROWTH * inputs && leadsThroughRecurrence(own, site, group);
  }

  /** In forward the layer, up to the site's, whose state in the site's row is largest; later the one with the largest cell of all rows. */
  #growingLayer({ phase, timestep, layer, row, tensor }: Site): number {
    const top = this.#layers.length - 1;
    if (phase === "forward" && layer !== null) {
      if (timestep === null) return layer;
      const states = this.#layers.slice(0, layer + 1).map(({ largest }) => largest[row] ?? 0);
      return Math.max(...states) > 0 ? states.indexOf(Math.max(...states)) : layer;
    }
    if ((phase === "normalise" && timestep !== null) || tensor === "outputGradient") return top;
    const cells = this.#layers.map(({ largest }) => Math.max(...largest));
    return cells.indexOf(Math.max(...cells));
  }

  #seeInput(row: number, values: Float32Array): void {
    this.#largestInput[row] = Math.max(this.#largestInput[row] ?? 0, largestFinite(values));
  }
}

function normKey(name: TensorName, timestep: number | null, row: number): string {
  return `${name} ${timestep} ${row}`;
}

function largestFinite(values: Float32Array): number {
  let largest = 0;
  for (const value of values) {
    const magnitude = Math.abs(value);
    if (magnitude > largest && magnitude !== Number.POSITIVE_INFINITY) largest = magnitude;
  }
  return largest;
}
