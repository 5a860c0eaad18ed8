import type { Batch } from "../cases/batch.ts";
import { type Rows, rowIds } from "./rows.ts";

/** Vectors by id: `inputs(id)` [input width], `targets(id)` [target width]. Id 0 is never asked for. */
export interface VectorTable {
  inputWidth: number;
  targetWidth: number;
  inputs(id: number): Float32Array;
  targets(id: number): Float32Array;
}

/**
 * One batch of next-word pairs: row r reads words 0..n-2 of its piece and is to give words 1..n-1.
 * Padded after the end, with zero vectors, to the longest of these rows.
 */
export function embedBatch(rows: Rows, chosen: Int32Array, table: VectorTable): Batch {
  const lengths = chosen.map((row) => rowIds(rows, row).length - 1);
  const time = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const x = new Float32Array(chosen.length * time * table.inputWidth);
  const y = new Float32Array(chosen.length * time * table.targetWidth);
  chosen.forEach((row, r) => {
    const ids = rowIds(rows, row);
    for (let t = 0; t + 1 < ids.length; t++) {
      const [word = 0, next = 0] = ids.subarray(t, t + 2);
      if (word > 0) x.set(table.inputs(word), (r * time + t) * table.inputWidth);
      if (next > 0) y.set(table.targets(next), (r * time + t) * table.targetWidth);
    }
  });
  return { rows: chosen.length, time, x, y, lengths };
}

/** Number of batches of at most `size` rows that `count` rows make; the last one may be smaller. */
export function batchCount(count: number, size: number): number {
  return Math.ceil(count / size);
}

/** The rows of batch `index`, in order. */
export function batchRows(order: Int32Array, index: number, size: number): Int32Array {
  return order.subarray(index * size, (index + 1) * size);
}
