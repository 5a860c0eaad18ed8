import { describe, expect, it } from "vitest";
import { presets } from "../../../cases/presets.ts";
import { batchLayout, fixedLayout } from "../arena.ts";
import { checkTable, productTable } from "./table.ts";

const START = 1024;
const model = {
  ...presets.published.model,
  inputs: 5,
  layers: [
    { units: 9, activation: "relu" },
    { units: 17, activation: "tanh" },
  ],
} as const;
const capacity = { packed: 21, rows: 3, time: 7, entries: 21 };
const laidOut = () => {
  const fixed = fixedLayout({ ...model, layers: [...model.layers] }, true, START);
  const batch = batchLayout({ ...model, layers: [...model.layers] }, capacity, fixed.end);
  return {
    fixed,
    batch,
    table: productTable({ ...model, layers: [...model.layers] }, fixed, batch, capacity),
  };
};

describe("the table of the products", () => {
  it("has four words for the plan and fifteen for each layer", () => {
    const { table, batch } = laidOut();
    expect(table.words).toHaveLength(4 + 2 * 15);
    expect([...table.words.subarray(0, 4)]).toEqual([batch.stride, batch.carryStride, 21, 3]);
    expect([...table.words.subarray(4, 10)]).toEqual([5, 9, 1, 2, 32 * 15, 32 * 32 * 2]);
  });

  it("names no dx below the lowest layer", () => {
    const { table, batch } = laidOut();
    expect([table.words[4 + 10], table.words[4 + 15 + 10]]).toEqual([0, batch.layers[0]?.hiddenGradient]);
  });

  it("lies in the arena, whose extents overlap nowhere", () => {
    const { table, batch } = laidOut();
    expect(() => checkTable(table, capacity, START, batch.end)).not.toThrow();
    // The input of a layer is the hidden of the one below, which no product writes.
    const sorted = [...table.extents].sort(([a], [b]) => a - b);
    sorted.slice(1).forEach(([at], i) => {
      const [before = 0, bytes = 0] = sorted[i] ?? [];
      expect(at).toBeGreaterThanOrEqual(before + bytes);
    });
  });

  it("is refused where one byte is outside, off its line, or a stride is too short for the batch", () => {
    const { table, batch } = laidOut();
    const last = Math.max(...table.extents.map(([at, bytes]) => at + bytes));
    const first = Math.min(...table.extents.map(([at]) => at));
    expect(() => checkTable(table, capacity, START, last - 1)).toThrow(/not inside the arena/);
    expect(() => checkTable(table, capacity, first + 1, batch.end)).toThrow(/not inside the arena/);
    const shifted = { ...table, extents: [...table.extents, [first + 4, 32] as const] };
    expect(() => checkTable(shifted, capacity, START, batch.end)).toThrow(/not inside the arena/);
    expect(() => checkTable(table, { ...capacity, packed: 1000 }, START, batch.end)).toThrow(/a stride/);
    expect(() => checkTable(table, { ...capacity, rows: 1000 }, START, batch.end)).toThrow(/a stride/);
  });
});
