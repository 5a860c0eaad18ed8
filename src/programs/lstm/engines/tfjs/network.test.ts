import { describe, expect, it } from "vitest";
import { gauge, isFatal } from "../../../stepRecord.ts";
import { layerGauge } from "../gauges.ts";
import { tfjsEngine } from "./engine.ts";
import { examine } from "./testing/plantedCases.ts";
import { growingUnit } from "./testing/smallCase.ts";

const engine = await tfjsEngine("cpu");
type Rows = Parameters<typeof growingUnit>[0];

const grows = [[1], [0], [0], [0], [0], [0]];
const rests = [[0], [0], [0], [0], [0], [0]];

describe("a row that has ended", () => {
  it("is computed on from its frozen state, one step and no more", () => {
    const { record } = examine(engine, growingUnit([grows, rests], [2, 6]));
    expect(isFatal(record)).toBe(false);
    // 1e10 after two timesteps, and 1e20 in each discarded one.
    expect(gauge(record, layerGauge(0, "maxCell")) / 1e20).toBeCloseTo(1, 5);
  });

  it("is computed on as far as the longest row goes, and not into the padding past it", () => {
    const poisoned = (t: number): Rows => [grows.map((at, k) => (k === t ? ["NaN"] : at)), rests];
    expect(examine(engine, growingUnit(poisoned(3), [2, 4])).diagnosis?.mechanism).toBe("non-finite-padding");
    expect(isFatal(examine(engine, growingUnit(poisoned(3), [2, 4])).record)).toBe(true);
    expect(examine(engine, growingUnit(poisoned(4), [2, 4])).diagnosis).toBeNull();
    expect(isFatal(examine(engine, growingUnit(poisoned(4), [2, 4])).record)).toBe(false);
  });

  it("is computed for one timestep where every row is empty", () => {
    const { record } = examine(engine, growingUnit([grows, rests], [0, 0]));
    expect(gauge(record, layerGauge(0, "maxCell"))).toBe(1);
    expect(isFatal(record)).toBe(false);
  });
});
