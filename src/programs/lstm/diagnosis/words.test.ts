import { describe, expect, it } from "vitest";
import type { Diagnosis } from "./diagnosis.ts";
import type { Site } from "./site.ts";
import { deathSentence, siteSentence } from "./words.ts";

const site: Site = {
  phase: "forward",
  timestep: 61,
  layer: 1,
  row: 0,
  tensor: "cell",
  unit: 7,
  value: "-Infinity",
};

const layer = { units: 3, activation: "relu" } as const;
const three = { model: { inputs: 1, layers: [layer, layer], forgetBias: 1 } };

describe("siteSentence", () => {
  it("names the place from the outside in", () => {
    expect(siteSentence(site, three)).toBe(
      "-Infinity in cell, forward phase, timestep 61, layer 1, row 0, unit 7 (counted from 0)",
    );
  });

  it.each([
    [7, "forget gate of unit 1"],
    [0, "input gate of unit 0"],
    [5, "candidate of unit 2"],
    [11, "output gate of unit 2"],
  ])("says column %i of a tensor of four gates as gate and unit", (unit, words) => {
    expect(siteSentence({ ...site, tensor: "preActivation", unit }, three)).toContain(`row 0, ${words} (`);
  });

  it("counts the columns of a kernel, whose rows are no timesteps", () => {
    expect(siteSentence({ ...site, tensor: "kernel" }, three)).toContain("row 0, column 7 (");
  });

  it("leaves out what there is none of, and not the zeros", () => {
    expect(
      siteSentence(
        { ...site, phase: "clip", timestep: null, layer: null, tensor: "gradientNorm", unit: 0 },
        three,
      ),
    ).toBe("-Infinity in gradientNorm, clip phase, row 0, column 0 (counted from 0)");
    expect(siteSentence({ ...site, timestep: 0, layer: 0 }, three)).toContain("timestep 0, layer 0,");
  });
});

describe("deathSentence", () => {
  const diagnosis: Diagnosis = {
    signature: "forward/recurrence-overflow/relu",
    mechanism: "recurrence-overflow",
    site,
    firstNaN: null,
    operation: "inf - inf",
    ending: "pre-activation",
  };

  it("joins the mechanism and how it became NaN", () => {
    expect(deathSentence(diagnosis)).toBe(
      "the cell grew from timestep to timestep until float32 overflowed; then Infinity - Infinity in a pre-activation made NaN",
    );
  });

  it("ends after the mechanism where there is no more to say", () => {
    expect(deathSentence({ ...diagnosis, mechanism: "zero-norm-division", ending: "other" })).toBe(
      "the loss divided by the norm of a zero vector",
    );
  });
});
