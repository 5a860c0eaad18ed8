import { describe, expect, it } from "vitest";
import { applyOverrides, type Overrides } from "./overrides.ts";
import { presets } from "./presets.ts";
import type { TrainingCase } from "./schema.ts";

const sizes = (overrides: Overrides) => {
  const { inputs, layers } = applyOverrides(presets.published, overrides).model;
  return [inputs, ...layers.map(({ units }) => units)];
};

describe("applyOverrides", () => {
  it("changes nothing where nothing is given, be the layers as they may", () => {
    const uneven = applyOverrides(presets.published, { units: [3, 4, 5] });
    const wide = { ...uneven, model: { ...uneven.model, inputs: 7 } };
    expect(applyOverrides(wide, {})).toEqual(wide);
    expect(applyOverrides(uneven, { layers: ["relu", "relu", "relu"] }).model.layers).toEqual(
      [3, 4, 5].map((units) => ({ units, activation: "relu" })),
    );
  });

  it("changes the optimizer, and keeps of it what is not given", () => {
    const { published } = presets;
    const clip = { kind: "value", limit: 2 } as const;
    const { optimizer } = applyOverrides(published, { optimizer: "adam-tfjs", epsilon: 1e-3, clip });
    expect(optimizer).toEqual({ ...published.optimizer, form: "tfjs", epsilon: 1e-3, clip });
    const sgd = applyOverrides(published, { optimizer: "sgd", learningRate: 0.5 });
    expect(sgd.optimizer).toEqual({
      kind: "sgd",
      learningRate: 0.5,
      clip: { kind: "none" },
      skipNonFinite: false,
    });
    expect(applyOverrides(sgd, { optimizer: "adam", learningRate: 0.001 })).toEqual(published);
    expect(() => applyOverrides(published, { optimizer: "sgd", epsilon: 1 })).toThrow("sgd has none");
  });

  it("changes the cell's clip and its forget bias", () => {
    const { model } = applyOverrides(presets.published, { cellClip: 5, forgetBias: 0 });
    expect(model).toEqual({ ...presets.published.model, cellClip: 5, forgetBias: 0 });
  });

  it("makes the embedding as wide as the top layer", () => {
    expect(sizes({ units: [7] })).toEqual([7, 7, 7, 7]);
    expect(sizes({ units: [3, 4, 5] })).toEqual([5, 3, 4, 5]);
  });

  it("takes wink's width for all layers where no units are given", () => {
    expect(sizes({ embedding: "wink" })).toEqual([100, 100, 100, 100]);
    expect(sizes({ embedding: "wink", units: [20, 30, 100] })).toEqual([100, 20, 30, 100]);
  });

  const file = { kind: "file", path: "my.txt" } as const;
  const splitOf = (base: TrainingCase, overrides: Overrides) => {
    const { data } = applyOverrides(base, overrides);
    return data.kind === "text" ? data.split : "no text";
  };

  it("cuts another text as fits it, unless told how; the same text as before", () => {
    expect(splitOf(presets.published, {})).toBeUndefined();
    expect(splitOf(presets.published, { text: file })).toBe("auto");
    expect(splitOf(presets.published, { text: file, split: "lines" })).toBe("lines");
    const mine = applyOverrides(presets.published, { text: file, split: "sentences" });
    expect(splitOf(mine, { batch: 3 })).toBe("sentences");
    expect(splitOf(mine, { text: { ...file, path: "other.txt" } })).toBe("auto");
    expect(splitOf(mine, { text: { kind: "brown" } })).toBeUndefined();
  });

  it("refuses a split of the Brown corpus, which comes in sentences", () => {
    expect(() => applyOverrides(presets.published, { split: "lines" })).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_FLAGS",
        message: expect.stringContaining('data.split is "lines", but the Brown corpus comes in sentences'),
        hint: "change --split",
      }),
    );
  });

  it("changes nothing that is not given", () => {
    expect(applyOverrides(presets.hardened, {})).toEqual(presets.hardened);
  });
});
