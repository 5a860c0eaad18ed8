import { expect, it } from "vitest";
import { dataOf, row } from "../cases/testing/syntheticRows.ts";
import { smallCase } from "../engines/tfjs/testing/smallCase.ts";
import { labelsOf } from "./labels.ts";

it("a case is labelled by what was drawn for it: of what it has several of by the largest, of names by each once", () => {
  const testCase = smallCase({
    model: {
      inputs: 2,
      layers: [
        { units: 3, activation: "relu" },
        { units: 7, activation: "tanh" },
        { units: 5, activation: "relu" },
      ],
      forgetBias: 1,
    },
    init: { kind: "glorot", seed: "1", scale: 1.5 },
    data: dataOf(
      [
        { time: 4, rows: [row(4), row(2)] },
        { time: 9, rows: [row(9)] },
      ],
      { inputScale: 0.4 },
    ),
    steps: 30,
  });
  expect(labelsOf(testCase)).toEqual({
    layers: 3,
    activations: ["relu", "tanh"],
    units: 7,
    inputs: 2,
    "initial scale": 1.5,
    batches: 2,
    "batch size": 2,
    length: 9,
    "padding layouts": ["after", "ragged", "last-batch-of-one-row"],
    "input scale": 0.4,
    "learning rate": testCase.optimizer.learningRate,
    steps: 30,
  });
});
