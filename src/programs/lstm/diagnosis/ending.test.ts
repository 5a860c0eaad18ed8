import { expect, it } from "vitest";
import type { LossSpec } from "../cases/schema.ts";
import { endingOf } from "./ending.ts";
import type { Site } from "./site.ts";

const site = (differs: Partial<Site>): Site => ({
  phase: "forward",
  timestep: 0,
  layer: 0,
  row: 0,
  tensor: "hidden",
  unit: 0,
  value: "Infinity",
  ...differs,
});

/** The ending of a step that made a NaN of the normalised output, whose sum of squares was infinite. */
function normalisedBy(normalise: LossSpec["normalise"]) {
  const first = site({ phase: "normalise", tensor: "outputSumOfSquares" });
  const made = {
    site: site({ phase: "normalise", tensor: "normalisedOutput", value: "NaN" }),
    group: { phase: "normalise" as const, timestep: 0, layer: null, tensors: [] },
    metZeroWeight: false,
  };
  return endingOf({ first, mechanism: "sum-of-squares-overflow" }, made, normalise);
}

it("an infinite output is multiplied by a reciprocal root of 0 by TensorFlow, and divided by its norm by others", () => {
  expect(normalisedBy({ kind: "tensorflow" })).toEqual({ operation: "0 * inf", ending: "other" });
  expect(normalisedBy({ kind: "naive" })).toEqual({ operation: "inf / inf", ending: "other" });
  expect(normalisedBy({ kind: "epsilon", epsilon: 1e-6 })).toEqual({
    operation: "inf / inf",
    ending: "other",
  });
});
