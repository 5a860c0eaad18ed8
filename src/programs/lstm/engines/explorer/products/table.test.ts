import { describe, expect, it } from "vitest";
import { presets } from "../../../cases/presets.ts";
import { batchLayout, fixedLayout } from "../arenaLayout.ts";
import { PLAN_FIELDS, PLAN_INDEX } from "../planFields.ts";
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
  it("has six words for the plan and nineteen for each layer", () => {
    const { table, batch, fixed } = laidOut();
    expect(table.words).toHaveLength(6 + 2 * 19);
    const rate = fixed.plan + 4 * PLAN_INDEX.rate;
    expect([...table.words.subarray(0, 6)]).toEqual([
      batch.stride,
      batch.carryStride,
      21,
      3,
      rate,
      fixed.measures,
    ]);
    expect([...table.words.subarray(6, 12)]).toEqual([5, 9, 1, 2, 32 * 15, 32 * 32 * 2]);
  });

  it("has what the optimizers multiply by in the order of struct scalars", () =>
    expect(PLAN_FIELDS.slice(PLAN_INDEX.rate)).toEqual([
      "rate",
      "keep1",
      "keep2",
      "take1",
      "take2",
      "correction1",
      "correction2",
      "optimizerEpsilon",
    ]));

  it("names no dx below the lowest layer", () => {
    const { table, batch } = laidOut();
    expect([table.words[6 + 10], table.words[6 + 19 + 10]]).toEqual([0, batch.layers[0]?.hiddenGradient]);
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
    const words = table.words.with(4, first - 1024);
    expect(() => checkTable({ ...table, words }, capacity, first - 1023, batch.end)).toThrow(/the plan/);
    expect(() => checkTable(table, { ...capacity, packed: 1000 }, START, batch.end)).toThrow(/a stride/);
    expect(() => checkTable(table, { ...capacity, rows: 1000 }, START, batch.end)).toThrow(/a stride/);
  });
});
