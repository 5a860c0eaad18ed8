import { describe, expect, it } from "vitest";
import { isFatal } from "../../training/stepRecord.ts";
import { tfjsEngine } from "./engine.ts";
import { examine } from "./testing/plantedCases.ts";
import { oneUnit } from "./testing/smallCase.ts";

const engine = await tfjsEngine("cpu");
type Rows = Parameters<typeof oneUnit>[0]["x"];

/** A relu unit that grows 1e10 times a timestep from an input of 1, beside a row at rest. */
const beside = (lengths: number[], x: Rows) =>
  oneUnit({
    activation: "relu",
    kernel: [
      [0, 1, 0, 0],
      [0, 1e10, 0, 0],
    ],
    bias: [200, 0, 200, 200],
    x,
    lengths,
  });
const grows = [[1], [0], [0], [0], [0], [0]];
const rests = [[0], [0], [0], [0], [0], [0]];

describe("a row that has ended", () => {
  it("is computed on from its frozen state, one step and no more", () => {
    const { record } = examine(engine, beside([2, 6], [grows, rests]));
    expect(isFatal(record)).toBe(false);
    // 1e10 after two timesteps, and 1e20 in each discarded one.
    expect((record.layers[0]?.maxCell ?? 0) / 1e20).toBeCloseTo(1, 5);
  });

  it("is computed on as far as the longest row goes, and not into the padding past it", () => {
    const poisoned = (t: number): Rows => [grows.map((at, k) => (k === t ? ["NaN"] : at)), rests];
    expect(examine(engine, beside([2, 4], poisoned(3))).diagnosis?.mechanism).toBe("non-finite-input");
    expect(isFatal(examine(engine, beside([2, 4], poisoned(3))).record)).toBe(true);
    expect(examine(engine, beside([2, 4], poisoned(4))).diagnosis).toBeNull();
    expect(isFatal(examine(engine, beside([2, 4], poisoned(4))).record)).toBe(false);
  });

  it("is computed for one timestep where every row is empty", () => {
    const { record } = examine(engine, beside([0, 0], [grows, rests]));
    expect(record.layers[0]?.maxCell).toBe(1);
    expect(isFatal(record)).toBe(false);
  });
});
