import { describe, expect, it } from "vitest";
import { smallCase, synthetic } from "../engines/tfjs/testing/smallCase.ts";
import type { TrainingCase } from "./schema.ts";
import { storedTensors } from "./storedTensors.ts";

const model: TrainingCase["model"] = { inputs: 2, layers: [{ units: 1, activation: "relu" }], forgetBias: 1 };
const at = (byteOffset: number) => ({ byteOffset });

describe("the tensors of a case that are in its binary file", () => {
  it("are told with their bytes, four a number, as the shapes of the model and of the batches ask for", () => {
    const testCase = smallCase({
      model,
      init: { kind: "explicit", step: 0, weights: [{ kernel: at(0), bias: at(48) }] },
      data: { kind: "explicit", batches: [{ time: 5, lengths: [5, 2], x: at(64), y: at(144) }] },
    });
    expect(storedTensors(testCase)).toEqual([
      // [2 inputs + 1 unit, 4 gates of 1 unit] and [4].
      { path: ["init", "weights", 0, "kernel"], byteOffset: 0, bytes: 4 * 3 * 4 },
      { path: ["init", "weights", 0, "bias"], byteOffset: 48, bytes: 4 * 4 },
      // [2 rows, 5 timesteps, 2 inputs] and [2 rows, 5 timesteps, 1 unit].
      { path: ["data", "batches", 0, "x"], byteOffset: 64, bytes: 4 * 2 * 5 * 2 },
      { path: ["data", "batches", 0, "y"], byteOffset: 144, bytes: 4 * 2 * 5 * 1 },
    ]);
  });

  it("are none of what is written out or drawn", () => {
    const kernel = [0, 1, 2].map(() => [0, 0, 0, 0]);
    const written = smallCase({
      model,
      init: { kind: "explicit", step: 0, weights: [{ kernel, bias: [0, 0, 0, 0] }] },
      data: synthetic([2], 2),
    });
    expect(storedTensors(written)).toEqual([]);
    expect(storedTensors(smallCase())).toEqual([]);
  });
});
