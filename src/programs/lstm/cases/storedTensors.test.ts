import { describe, expect, it } from "vitest";
import { smallCase, synthetic } from "../engines/tfjs/testing/smallCase.ts";
import type { TrainingCase } from "./schema.ts";
import { storedTensors } from "./storedTensors.ts";

const model: TrainingCase["model"] = { inputs: 3, layers: [{ units: 2, activation: "relu" }], forgetBias: 1 };
const at = (byteOffset: number) => ({ byteOffset });

describe("the tensors of a case that are in its binary file", () => {
  it("are told with their bytes, four a number, as the shapes of the model and of the batches ask for", () => {
    const testCase = smallCase({
      model,
      init: { kind: "explicit", step: 0, weights: [{ kernel: at(0), bias: at(160) }] },
      data: { kind: "explicit", batches: [{ time: 5, lengths: [5, 2], x: at(192), y: at(312) }] },
    });
    expect(storedTensors(testCase)).toEqual([
      // [3 inputs + 2 units, 4 gates of 2 units] and [8].
      { path: ["init", "weights", 0, "kernel"], byteOffset: 0, bytes: 4 * 5 * 8 },
      { path: ["init", "weights", 0, "bias"], byteOffset: 160, bytes: 4 * 8 },
      // [2 rows, 5 timesteps, 3 inputs] and [2 rows, 5 timesteps, 2 units].
      { path: ["data", "batches", 0, "x"], byteOffset: 192, bytes: 4 * 2 * 5 * 3 },
      { path: ["data", "batches", 0, "y"], byteOffset: 312, bytes: 4 * 2 * 5 * 2 },
    ]);
  });

  it("are none of what is written out or drawn", () => {
    const zeros = [0, 0, 0, 0, 0, 0, 0, 0];
    const kernel = Array.from({ length: 5 }, () => zeros);
    const written = smallCase({
      model,
      init: { kind: "explicit", step: 0, weights: [{ kernel, bias: zeros }] },
      data: synthetic([2], 2),
    });
    expect(storedTensors(written)).toEqual([]);
    expect(storedTensors(smallCase())).toEqual([]);
  });
});
