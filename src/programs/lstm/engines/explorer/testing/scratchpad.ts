import { panelsOf } from "../arenaLayout.ts";
import { type Address, compileKernels, instantiateKernels, type Kernels } from "../kernels.ts";

/** Memory of its own to try single kernels on. */
export class Scratchpad {
  readonly kernels: Kernels = instantiateKernels(compileKernels());
  #next: Address = Math.ceil(this.kernels.arenaStart() / 64) * 64;

  /** Room for numbers, which are copied there; addresses are multiples of 64. */
  put(values: ArrayLike<number>): Address {
    const at = this.#next;
    this.#next = Math.ceil((at + 4 * values.length + 128) / 64) * 64;
    const missing = this.#next - this.kernels.memory.buffer.byteLength;
    if (missing > 0) this.kernels.memory.grow(Math.ceil(missing / 65536));
    new Float32Array(this.kernels.memory.buffer, at, values.length).set(values);
    return at;
  }

  get(at: Address, length: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, at, length).slice();
  }

  /** A matrix [rows, columns], row-major, as panels [rows][8] that lie one after the other. */
  putPanels(values: ArrayLike<number>, rows: number, columns: number): Address {
    const panels = new Float32Array(panelsOf(columns) * rows * 8);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        panels[panelIndex(rows, row, column)] = values[row * columns + column] ?? 0;
    return this.put(panels);
  }

  /** The reverse of {@link putPanels}. */
  getPanels(at: Address, rows: number, columns: number): Float32Array {
    const panels = this.get(at, panelsOf(columns) * rows * 8);
    return Float32Array.from(
      { length: rows * columns },
      (_, i) => panels[panelIndex(rows, Math.floor(i / columns), i % columns)] ?? 0,
    );
  }

  /** Lanes of the last panel of a width. */
  putMask(width: number): Address {
    const at = this.put(new Float32Array(8));
    const columns = width - 8 * (panelsOf(width) - 1);
    const lanes = new Int32Array(this.kernels.memory.buffer, at, 8);
    lanes.fill(-1, 0, columns);
    return at;
  }
}

function panelIndex(rows: number, row: number, column: number): number {
  return ((column >> 3) * rows + row) * 8 + (column & 7);
}
