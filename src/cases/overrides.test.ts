import { describe, expect, it } from "vitest";
import { applyOverrides, type Overrides } from "./overrides.ts";
import { presets } from "./presets.ts";

const sizes = (overrides: Overrides) => {
  const { inputs, layers } = applyOverrides(presets.published, overrides).model;
  return [inputs, ...layers.map(({ units }) => units)];
};

describe("applyOverrides", () => {
  it("makes the embedding as wide as the top layer", () => {
    expect(sizes({ units: [7] })).toEqual([7, 7, 7, 7]);
    expect(sizes({ units: [3, 4, 5] })).toEqual([5, 3, 4, 5]);
  });

  it("takes wink's width for all layers where no units are given", () => {
    expect(sizes({ embedding: "wink" })).toEqual([100, 100, 100, 100]);
    expect(sizes({ embedding: "wink", units: [20, 30, 100] })).toEqual([100, 20, 30, 100]);
  });

  it("changes nothing that is not given", () => {
    expect(applyOverrides(presets.hardened, {})).toEqual(presets.hardened);
  });
});
