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

describe("siteSentence", () => {
  it("names the place from the outside in", () => {
    expect(siteSentence(site)).toBe(
      "-Infinity in cell, forward phase, timestep 61, layer 1, row 0, unit 7 (counted from 0)",
    );
  });

  it("calls the columns of a tensor of four gates columns", () => {
    expect(siteSentence({ ...site, tensor: "preActivation" })).toContain("row 0, column 7 (");
  });

  it("leaves out what there is none of, and not the zeros", () => {
    expect(
      siteSentence({ ...site, phase: "clip", timestep: null, layer: null, tensor: "gradientNorm", unit: 0 }),
    ).toBe("-Infinity in gradientNorm, clip phase, row 0, column 0 (counted from 0)");
    expect(siteSentence({ ...site, timestep: 0, layer: 0 })).toContain("timestep 0, layer 0,");
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
