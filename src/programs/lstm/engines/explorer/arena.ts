import { UnsupportedCaseError } from "../../../../documents/errors.ts";
import type { ModelSpec } from "../../cases/schema.ts";
import { layerShapes } from "../../cases/shapes.ts";
import {
  ARENA_BOUND,
  type BatchLayout,
  batchLayout,
  type Capacity,
  type FixedLayout,
  fixedLayout,
  largerCapacity,
  panelsOf,
} from "./arenaLayout.ts";
import { type Address, askMemory, type Kernels } from "./kernels.ts";
import {
  CODES,
  FLOAT_FIELDS,
  LAYER_FIELDS,
  type LayerField,
  PLAN_FIELDS,
  PLAN_INDEX,
  type PlanField,
} from "./planFields.ts";
import { checkTable, productTable } from "./products/table.ts";

const PAGE = 2 ** 16;

/**
 * The arena of one model: lays it out, keeps it large enough for the batches that come, and writes
 * the kernels' structs. Sizes are known before any memory is asked for.
 */
export class Arena {
  readonly kernels: Kernels;
  readonly fixed: FixedLayout;
  /** The whole memory; new objects whenever the memory has grown. */
  floats: Float32Array;
  integers: Int32Array;
  #doubles: Float64Array;
  readonly #model: ModelSpec;
  #capacity: Capacity;
  #batch: BatchLayout;

  /** @throws UnsupportedCaseError when model and batch need an arena past {@link ARENA_BOUND}; UsageError when the system does not give it. */
  constructor(kernels: Kernels, model: ModelSpec, hasMoments: boolean, capacity: Capacity) {
    this.kernels = kernels;
    this.#model = model;
    this.#capacity = capacity;
    this.fixed = fixedLayout(model, hasMoments, kernels.arenaStart());
    this.#batch = batchLayout(model, capacity, this.fixed.end);
    checkArena(this.#batch.end, capacity);
    this.floats = new Float32Array();
    this.integers = new Int32Array();
    this.#doubles = new Float64Array();
    this.#reserve(this.#batch.end);
    this.#writeFixed();
    this.#writeBatchAddresses();
    this.#attachProducts();
  }

  /** The layout of the batch at hand. */
  get batch(): BatchLayout {
    return this.#batch;
  }

  /**
   * Makes room for a batch. A batch that fits leaves everything where it is.
   * @throws UnsupportedCaseError when it needs an arena past {@link ARENA_BOUND}.
   */
  fit(need: Capacity): void {
    const have = this.#capacity;
    if (
      need.packed <= have.packed &&
      need.rows <= have.rows &&
      need.time <= have.time &&
      need.entries <= have.entries
    )
      return;
    const capacity = largerCapacity(have, need);
    const layout = batchLayout(this.#model, capacity, this.fixed.end);
    checkArena(layout.end, capacity);
    this.#reserve(layout.end);
    this.#capacity = capacity;
    this.#batch = layout;
    this.#writeBatchAddresses();
    this.#attachProducts();
  }

  /** Address of a layer's struct. */
  layer(index: number): Address {
    return this.fixed.layers + 4 * LAYER_FIELDS.length * index;
  }

  setLayer(index: number, field: LayerField, value: number): void {
    this.integers[(this.layer(index) >> 2) + layerIndex[field]] = value;
  }

  /** Makes the first copy of the parameters the present state and the second the one to write; steps swap them. */
  pointAtState(): void {
    this.fixed.parameters.forEach(({ weights, firstMoment, secondMoment }, l) => {
      this.setLayer(l, "weights", weights[0]);
      this.setLayer(l, "nextWeights", weights[1]);
      this.setLayer(l, "firstMoment", firstMoment[0]);
      this.setLayer(l, "nextFirstMoment", firstMoment[1]);
      this.setLayer(l, "secondMoment", secondMoment[0]);
      this.setLayer(l, "nextSecondMoment", secondMoment[1]);
    });
  }

  set(field: PlanField, value: number): void {
    const index = (this.fixed.plan >> 2) + PLAN_INDEX[field];
    if (isFloat[field]) this.floats[index] = value;
    else this.integers[index] = value;
  }

  /** A float64 result; see RESULTS. */
  result(byteOffset: number): number {
    return this.#doubles[(this.fixed.results + byteOffset) >> 3] ?? 0;
  }

  setResult(byteOffset: number, value: number): void {
    this.#doubles[(this.fixed.results + byteOffset) >> 3] = value;
  }

  /** The largest of four lanes of magnitudes, compared as bits: NaN above Infinity above all others. */
  maximum(at: Address): number {
    const { integers } = this;
    let largest = at >> 2;
    let bits = integers[largest] ?? 0;
    for (let lane = largest + 1, end = largest + 4; lane < end; lane++) {
      const other = integers[lane] ?? 0;
      if (other > bits) {
        bits = other;
        largest = lane;
      }
    }
    return this.floats[largest] ?? 0;
  }

  /** A view of `length` floats from an address on. */
  view(at: Address, length: number): Float32Array {
    return this.floats.subarray(at >> 2, (at >> 2) + length);
  }

  #reserve(end: Address): void {
    const { memory } = this.kernels;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) askMemory(() => memory.grow(Math.ceil(missing / PAGE)));
    this.floats = new Float32Array(memory.buffer);
    this.integers = new Int32Array(memory.buffer);
    this.#doubles = new Float64Array(memory.buffer);
  }

  /** Tells the native products, where there are some, of the memory and of all that lies in it. */
  #attachProducts(): void {
    const { fixed, kernels } = this;
    if (kernels.native === null) return;
    const table = productTable(this.#model, fixed, this.#batch, this.#capacity);
    const { buffer } = kernels.memory;
    checkTable(table, this.#capacity, fixed.plan, buffer.byteLength);
    kernels.native.attach(buffer, table.words);
  }

  #writeFixed(): void {
    const shapes = layerShapes(this.#model);
    const { fixed } = this;
    this.set("native", this.kernels.native === null ? 0 : 1);
    this.set("layerCount", shapes.length);
    this.set("layers", fixed.layers);
    this.set("ones", fixed.ones);
    this.set("zeros", fixed.zeros);
    this.set("inputMask", fixed.inputMask);
    this.set("results", fixed.results);
    this.set("measures", fixed.measures);
    this.integers.fill(-1, fixed.ones >> 2, (fixed.ones >> 2) + 8);
    this.integers.fill(0, fixed.zeros >> 2, (fixed.zeros >> 2) + 32);
    this.#writeMask(fixed.inputMask, this.#model.inputs);
    shapes.forEach(({ inputs, units }, l) => {
      const parameters = fixed.parameters[l];
      if (parameters === undefined) return;
      const weightRows = inputs + units + 1;
      this.setLayer(l, "index", l);
      this.setLayer(l, "inputs", inputs);
      this.setLayer(l, "units", units);
      this.setLayer(l, "inputPanels", panelsOf(inputs));
      this.setLayer(l, "unitPanels", panelsOf(units));
      this.setLayer(l, "activation", CODES.activation[this.#model.layers[l]?.activation ?? "tanh"]);
      this.setLayer(l, "weightRows", weightRows);
      this.setLayer(l, "weightPanel", 32 * weightRows);
      this.setLayer(l, "transposedPanel", 32 * 32 * panelsOf(units));
      for (const field of [
        "gradient",
        "transposed",
        "mask",
        "cellMaxima",
        "hiddenMaxima",
        "weightMaxima",
      ] as const)
        this.setLayer(l, field, parameters[field]);
      this.#writeMask(parameters.mask, units);
    });
  }

  /** Lanes of the last panel of a width: all bits where there is a column, none where it pads. */
  #writeMask(at: Address, width: number): void {
    const columns = width - 8 * (panelsOf(width) - 1);
    for (let lane = 0; lane < 8; lane++) this.integers[(at >> 2) + lane] = lane < columns ? -1 : 0;
  }

  #writeBatchAddresses(): void {
    const layout = this.#batch;
    for (const field of BATCH_FIELDS) this.set(field, layout[field]);
    layout.layers.forEach((layer, l) => {
      for (const field of ACTIVATION_FIELDS) this.setLayer(l, field, layer[field]);
      this.setLayer(l, "inputGradient", layout.layers[l - 1]?.hiddenGradient ?? 0);
    });
  }
}

const BATCH_FIELDS = [
  "stride",
  "carryStride",
  "active",
  "real",
  "offset",
  "rowOfRank",
  "lengthOfRank",
  "x",
  "y",
  "target",
  "dots",
] as const;

const ACTIVATION_FIELDS = [
  "input",
  "hiddenPrevious",
  "hidden",
  "gates",
  "cell",
  "cellPrevious",
  "cellActivated",
  "hiddenGradient",
  "hiddenCarry",
  "cellCarry",
] as const;

const layerIndex = Object.fromEntries(LAYER_FIELDS.map((field, i) => [field, i])) as Record<
  LayerField,
  number
>;

const isFloat = Object.fromEntries(PLAN_FIELDS.map((field) => [field, FLOAT_FIELDS.has(field)])) as Record<
  PlanField,
  boolean
>;

/**
 * Checks that a model and batches of such a size fit into an arena.
 * @param start Where the arena starts in the memory.
 * @throws UnsupportedCaseError when they need one past {@link ARENA_BOUND}.
 */
export function checkSize(
  model: ModelSpec,
  { hasMoments, capacity, start }: { hasMoments: boolean; capacity: Capacity; start: Address },
): void {
  checkArena(batchLayout(model, capacity, fixedLayout(model, hasMoments, start).end).end, capacity);
}

function checkArena(end: Address, { rows, time }: Capacity): void {
  if (end > ARENA_BOUND)
    throw new UnsupportedCaseError(
      "explorer",
      `needs ${end} bytes for this model on batches of ${rows} rows x ${time} timesteps, over the bound of ${ARENA_BOUND}`,
      "use fewer units, rows or timesteps, or --engine tfjs-wasm",
    );
}
