import { expect, it } from "vitest";
import { layersOf, mapArrays, parameterArrays } from "./parameters.ts";

const layers = [
  { kernel: "kernel 0", bias: "bias 0" },
  { kernel: "kernel 1", bias: "bias 1" },
];

it("the arrays of layers go kernel before bias, the lowest layer first, and back", () => {
  const arrays = parameterArrays(layers);
  expect(arrays).toEqual(["kernel 0", "bias 0", "kernel 1", "bias 1"]);
  expect(layersOf(arrays)).toEqual(layers);
});

it("each array is made anew in that order", () => {
  const seen: string[] = [];
  const lengths = mapArrays(layers, (name) => seen.push(name));
  expect(seen).toEqual(parameterArrays(layers));
  expect(lengths).toEqual([
    { kernel: 1, bias: 2 },
    { kernel: 3, bias: 4 },
  ]);
});
