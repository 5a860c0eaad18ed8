import type { Batch } from "../../cases/batch.ts";
import { gateColumns } from "../../cases/gates.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import { type LayerShape, layerShapes, targetWidth } from "../../cases/shapes.ts";
import type { LayerParameters } from "../../cases/state.ts";
import type { TensorName, TraceTensor } from "../../diagnosis/trace.ts";
import type { Arena } from "./arena.ts";
import { panelsOf } from "./arenaLayout.ts";
import type { Address } from "./kernels.ts";
import { panelFloats, unpackParameters } from "./parameters.ts";
import type { Schedule } from "./schedule.ts";

/** The step to trace, and the arena to trace it in. */
export interface TraceSource {
  testCase: TrainingCase;
  /** Loaded into the arena already, with all of its discarded steps. */
  batch: Batch;
  schedule: Schedule;
  arena: Arena;
  /** The copy of the parameters that is the present state, and the one to write. */
  side: 0 | 1;
  next: 0 | 1;
  /** Throws when the arena has been used for something else since. */
  enter: () => void;
}

/** Reads the arena's panels as tensors in the batch's own order of rows. */
export class TraceReader {
  readonly #source: TraceSource;
  readonly #shapes: LayerShape[];
  /** Rank of each row of the batch. */
  readonly #rankOfRow: number[];

  constructor(source: TraceSource) {
    this.#source = source;
    this.#shapes = layerShapes(source.testCase.model);
    this.#rankOfRow = [];
    source.schedule.rowOfRank.forEach((row, rank) => {
      this.#rankOfRow[row] = rank;
    });
  }

  shape(layer: number): LayerShape {
    return this.#shapes[layer] ?? { inputs: 0, units: 0 };
  }

  /** Timestep t of a packed array, [rows, width]. */
  timestep(name: TensorName, at: Address, t: number, width: number): TraceTensor {
    return this.#gather(name, at, t, width, (column) => column);
  }

  /** Timestep t of a layer's gates, [rows, 4 units]: each gate starts at a panel of its own. */
  gates(name: TensorName, at: Address, t: number, layer: number): TraceTensor {
    const { units } = this.shape(layer);
    const padded = 8 * panelsOf(units);
    return this.#gather(name, at, t, gateColumns(units), (column) => {
      const gate = Math.floor(column / units);
      return gate * padded + column - gate * units;
    });
  }

  /** Parameters, or anything of their shape, of one layer. */
  parameters(at: Address, layer: number): LayerParameters {
    const shape = this.shape(layer);
    return unpackParameters(shape, this.#source.arena.view(at, panelFloats(shape)));
  }

  /** One row of the targets, as the batch has it. */
  target(row: number, t: number): Float32Array {
    const { batch, testCase } = this.#source;
    const units = targetWidth(testCase.model);
    const start = (row * batch.time + t) * units;
    return batch.y.subarray(start, start + units);
  }

  /** One row of the outputs: the top layer's hidden, 0 past the row's end. */
  output(row: number, t: number): Float32Array {
    const { batch, arena, testCase } = this.#source;
    const units = targetWidth(testCase.model);
    const values = new Float32Array(units);
    if (t >= (batch.lengths[row] ?? 0)) return values;
    const { stride, layers } = arena.batch;
    const at = (layers.at(-1)?.hidden ?? 0) + this.#rowOffset(row, t);
    return values.map((_, column) => arena.floats[index(at, stride, column)] ?? 0);
  }

  #gather(
    name: TensorName,
    at: Address,
    t: number,
    columns: number,
    place: (column: number) => number,
  ): TraceTensor {
    const { schedule, arena } = this.#source;
    const { stride } = arena.batch;
    const values = new Float32Array(schedule.rows * columns);
    for (let row = 0; row < schedule.rows; row++) {
      const from = at + this.#rowOffset(row, t);
      for (let column = 0; column < columns; column++)
        values[row * columns + column] = arena.floats[index(from, stride, place(column))] ?? 0;
    }
    return { name, columns, values };
  }

  #rowOffset(row: number, t: number): number {
    return 32 * ((this.#source.schedule.offset[t] ?? 0) + (this.#rankOfRow[row] ?? 0));
  }
}

function index(at: Address, stride: number, column: number): number {
  return ((at + (column >> 3) * stride) >> 2) + (column & 7);
}

/** A tensor of one number. */
export function scalar(name: TensorName, value: number): TraceTensor {
  return { name, columns: 1, values: Float32Array.of(value) };
}

/** A kernel and a bias as tensors. */
export function pair(kernel: TensorName, bias: TensorName, values: LayerParameters): TraceTensor[] {
  const columns = values.bias.length;
  return [
    { name: kernel, columns, values: values.kernel },
    { name: bias, columns, values: values.bias },
  ];
}
