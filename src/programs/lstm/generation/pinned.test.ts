import { describe, expect, it } from "vitest";
import { DOMAINS } from "../cases/domains.ts";
import { applyOverrides, type Overrides } from "../cases/overrides.ts";
import { presets } from "../cases/presets.ts";
import { drawCase } from "./drawCase.ts";
import { pinned } from "./pinned.ts";
import { trainingCase } from "./trainingCase.ts";

/** Twenty cases of `wide` with the overrides given. */
function drawn(given: Overrides) {
  const cases = trainingCase(pinned(DOMAINS.wide, given), applyOverrides(presets.published, given));
  return Array.from({ length: 20 }, (_, i) => drawCase(cases, "1", `pinned/${i}`));
}

describe("what a flag settles is not drawn", () => {
  it("units, of any number of layers", () => {
    const cases = drawn({ units: [7] });
    expect(cases.flatMap(({ model }) => model.layers.map(({ units }) => units)).every((u) => u === 7)).toBe(
      true,
    );
    expect(new Set(cases.map(({ model }) => model.layers.length)).size).toBe(3);
  });

  it("units of each layer, and with them the layers", () => {
    for (const { model } of drawn({ units: [3, 4, 5] }))
      expect(model.layers.map(({ units }) => units)).toEqual([3, 4, 5]);
  });

  it("layers, learning rate, rows and timesteps", () => {
    for (const { model, optimizer, data } of drawn({
      layers: ["relu", "tanh"],
      learningRate: 0.0123,
      batch: 5,
      maxLength: 17,
    })) {
      expect(model.layers.map(({ activation }) => activation)).toEqual(["relu", "tanh"]);
      expect(optimizer.learningRate).toBe(0.0123);
      if (data.kind !== "synthetic") throw new Error("generated data is synthetic");
      expect(data.batches[0]?.time).toBe(17);
      expect(data.batches.length === 1 || data.batches[0]?.rows.length === 5).toBe(true);
    }
  });
});
