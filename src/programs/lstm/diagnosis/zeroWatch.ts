import type { Batch } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { TraceGroup, TraceTensor } from "./trace.ts";

/**
 * Watches the forward pass for a weight of 0 that meets an infinite input or hidden state. The NaN of that
 * 0 * Infinity would be the shrinker's own doing where it was the shrinker that set the weight to 0.
 */
export class ZeroWatch {
  /** True once such a weight has been met. */
  met = false;
  readonly #case: TrainingCase;
  readonly #batch: Batch;
  readonly #kernels: TraceTensor[] = [];
  /** Each layer's hidden state as each row's last running timestep left it; [rows, units]. */
  readonly #hidden: Float32Array[];

  constructor(testCase: TrainingCase, batch: Batch) {
    this.#case = testCase;
    this.#batch = batch;
    this.#hidden = testCase.model.layers.map(({ units }) => new Float32Array(batch.rows * units));
  }

  /** The trace, handed on as it is read. */
  *watched(trace: Iterable<TraceGroup>): Generator<TraceGroup> {
    for (const group of trace) {
      if (group.phase === "forward" && group.layer !== null) this.#see(group, group.layer);
      yield group;
    }
  }

  #see({ timestep, tensors }: TraceGroup, layer: number): void {
    const find = (name: TraceTensor["name"]) => tensors.find((tensor) => tensor.name === name);
    if (timestep === null) {
      const kernel = find("kernel");
      if (kernel) this.#kernels[layer] = kernel;
      return;
    }
    const [input, hidden] = [find("input"), find("hidden")];
    const state = this.#hidden[layer];
    const units = this.#case.model.layers[layer]?.units ?? 0;
    if (input === undefined || hidden === undefined || state === undefined) return;
    for (let row = 0; row < this.#batch.rows; row++) {
      const { columns } = input;
      this.#meet(layer, input.values.subarray(row * columns, (row + 1) * columns), 0);
      this.#meet(layer, state.subarray(row * units, (row + 1) * units), columns);
      if (timestep < (this.#batch.lengths[row] ?? 0))
        state.set(hidden.values.subarray(row * units, (row + 1) * units), row * units);
    }
  }

  /** Operands meet the kernel's rows from `first` on. */
  #meet(layer: number, operands: Float32Array, first: number): void {
    const kernel = this.#kernels[layer];
    if (kernel === undefined || this.met) return;
    for (let k = 0; k < operands.length; k++) {
      if (Math.abs(operands[k] as number) !== Number.POSITIVE_INFINITY) continue;
      const start = (first + k) * kernel.columns;
      if (kernel.values.subarray(start, start + kernel.columns).includes(0)) this.met = true;
    }
  }
}
