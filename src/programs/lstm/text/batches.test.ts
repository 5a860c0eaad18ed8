import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchCount, batchRows, embedBatch, type VectorTable } from "./batches.ts";
import type { Rows } from "./rows.ts";

/** Vectors that tell id, kind and unit apart and are nowhere zero. */
const table: VectorTable = {
  inputWidth: 3,
  targetWidth: 2,
  inputs: (id) => Float32Array.of(id, id + 0.25, id + 0.5),
  targets: (id) => Float32Array.of(-id, -id - 0.5),
};

const rowLists = fc.array(fc.array(fc.nat({ max: 9 }), { minLength: 2, maxLength: 6 }), {
  minLength: 1,
  maxLength: 5,
});

function rowsOf(lists: number[][]): Rows {
  const ends = lists.map((_, r) => lists.slice(0, r + 1).flat().length);
  return {
    ids: Int32Array.from(lists.flat()),
    starts: Int32Array.from(ends, (end, r) => end - (lists[r]?.length ?? 0)),
    ends: Int32Array.from(ends),
    sentences: Int32Array.from(lists.keys()),
  };
}

describe("embedBatch", () => {
  it("puts each word's vector where the word stands, its follower's in the target, zeros everywhere else", () => {
    fc.assert(
      fc.property(rowLists, (lists) => {
        const batch = embedBatch(rowsOf(lists), Int32Array.from(lists.keys()), table);
        const time = Math.max(...lists.map((ids) => ids.length)) - 1;
        expect(batch.rows).toBe(lists.length);
        expect(batch.time).toBe(time);
        expect([...batch.lengths]).toEqual(lists.map((ids) => ids.length - 1));
        const at = (vector: (id: number) => Float32Array, width: number, shift: number) =>
          lists.flatMap((ids) =>
            Array.from({ length: time }, (_, t) => {
              const id = t < ids.length - 1 ? (ids[t + shift] ?? 0) : 0;
              return id === 0 ? Array<number>(width).fill(0) : [...vector(id)];
            }).flat(),
          );
        expect([...batch.x]).toEqual(at(table.inputs, 3, 0));
        expect([...batch.y]).toEqual(at(table.targets, 2, 1));
      }),
    );
  });
});

describe("the rows of batches", () => {
  it("are all rows in order, the last batch the smaller", () => {
    const order = Int32Array.of(4, 2, 0, 3, 1);
    expect(batchCount(5, 2)).toBe(3);
    expect([0, 1, 2].map((index) => [...batchRows(order, index, 2)])).toEqual([[4, 2], [0, 3], [1]]);
    expect(batchCount(4, 2)).toBe(2);
    expect(batchCount(0, 2)).toBe(0);
  });
});
