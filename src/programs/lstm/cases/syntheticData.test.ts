import { describe, expect, it } from "vitest";
import type { Batch } from "./batch.ts";
import { explicitData } from "./explicitData.ts";
import { presets } from "./presets.ts";
import type { SyntheticSpec } from "./schema.ts";
import { syntheticData } from "./syntheticData.ts";
import { dataOf, row } from "./testing/syntheticRows.ts";

const model = { ...presets.published.model, inputs: 2, layers: [{ units: 3, activation: "tanh" as const }] };
const spec = (rows: Parameters<typeof dataOf>[0][number]["rows"], differs: Partial<SyntheticSpec> = {}) =>
  dataOf([{ time: 5, rows }], differs);
const batchOf = (made: SyntheticSpec, step = 0) => syntheticData(made, model).batch(step);

/** One letter a timestep: x where the vector is not zero, a dot where every entry is. */
function layout(values: Float32Array, { rows, time }: Batch): string[] {
  const width = values.length / (rows * time);
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: time }, (_, t) =>
      values.subarray((r * time + t) * width, (r * time + t + 1) * width).some((v) => v !== 0) ? "x" : ".",
    ).join(""),
  );
}
/** The numbers of one row. */
const rowOf = (values: Float32Array, { rows }: Batch, r: number) =>
  values.slice((r * values.length) / rows, ((r + 1) * values.length) / rows);

describe("dataOf rows", () => {
  it("are padded after, before or not at all, inputs and targets alike", () => {
    const batch = batchOf(spec([row(3), row(3, { padding: "before" }), row(5), row(0)]));
    expect(layout(batch.x, batch)).toEqual(["xxx..", "..xxx", "xxxxx", "....."]);
    expect(layout(batch.y, batch)).toEqual(["xxx..", "..xxx", "xxxxx", "....."]);
  });

  it("end at their length where padding after them is masked, else at the padded width", () => {
    const rows = [row(3), row(3, { padding: "before" }), row(0)];
    expect([...batchOf(spec(rows)).lengths]).toEqual([3, 5, 0]);
    expect([...batchOf(spec(rows, { masked: false })).lengths]).toEqual([5, 5, 5]);
  });

  it("masked or not hold the same numbers", () => {
    expect(batchOf(spec([row(3)], { masked: false })).x).toEqual(batchOf(spec([row(3)])).x);
  });

  it("have zero vectors at holes and zero targets, and no other number moves", () => {
    const whole = batchOf(spec([row(5)]));
    const holed = batchOf(spec([row(5, { holes: [1, 3], zeroTargets: [0] })]));
    expect(layout(holed.x, holed)).toEqual(["x.x.x"]);
    expect(layout(holed.y, holed)).toEqual([".xxxx"]);
    expect(holed.x.every((value, i) => value === 0 || value === whole.x[i])).toBe(true);
    expect(holed.y.every((value, i) => value === 0 || value === whole.y[i])).toBe(true);
  });

  it("name a hole by its timestep in the batch, where the row is padded before too", () => {
    const batch = batchOf(spec([row(3, { padding: "before", holes: [3] })]));
    expect(layout(batch.x, batch)).toEqual(["..x.x"]);
  });

  it("are drawn each from a stream of its own: changing one leaves the others alone", () => {
    const before = batchOf(spec([row(5), row(4), row(3)]));
    const after = batchOf(spec([row(5), row(1, { holes: [0] }), row(3)]));
    for (const r of [0, 2]) {
      expect(rowOf(after.x, after, r)).toEqual(rowOf(before.x, before, r));
      expect(rowOf(after.y, after, r)).toEqual(rowOf(before.y, before, r));
    }
    expect(rowOf(before.x, before, 0).slice(0, 2)).not.toEqual(rowOf(before.x, before, 1).slice(0, 2));
  });

  it("scale inputs and not targets", () => {
    const [one, ten] = [batchOf(spec([row(5)])), batchOf(spec([row(5)], { inputScale: 10 }))];
    expect(ten.x[3]).toBeCloseTo(10 * (one.x[3] as number), 5);
    expect(ten.y).toEqual(one.y);
  });

  it("differ by seed and by batch, and come again after the last one", () => {
    const made = spec([], {
      batches: [
        { time: 5, rows: [row(5)] },
        { time: 5, rows: [row(5)] },
      ],
    });
    const data = syntheticData(made, model);
    expect(data.batchesPerEpoch).toBe(2);
    expect(data.batch(1).x).not.toEqual(data.batch(0).x);
    expect(data.batch(2)).toBe(data.batch(0));
    expect(batchOf({ ...made, seed: "2" }).x).not.toEqual(data.batch(0).x);
  });
});

describe("explicit batches", () => {
  it("are read as they are written, in turn", () => {
    const batch = (value: number) => ({ time: 1, lengths: [1], x: [[[value, -value]]], y: [[[1, 2, 3]]] });
    const data = explicitData({ kind: "explicit", batches: [batch(1), batch(2)] }, model);
    expect(data.batchesPerEpoch).toBe(2);
    expect(data.batch(3)).toEqual({
      rows: 1,
      time: 1,
      x: Float32Array.of(2, -2),
      y: Float32Array.of(1, 2, 3),
      lengths: Int32Array.of(1),
    });
    expect(data.batch(2)).toBe(data.batch(0));
  });
});
