import { describe, expect, it } from "vitest";
import type { CaseSize } from "../../program.ts";
import { presets } from "./presets.ts";
import type { TrainingCase } from "./schema.ts";
import { caseSize } from "./size.ts";
import { writtenNumbers } from "./writtenNumbers.ts";

const relu = { units: 2, activation: "relu" } as const;

describe("the size of a case", () => {
  it("counts every number written out, and those that are not 0", () => {
    const weights = [
      {
        kernel: [0, 1, 2, 3].map(() => [0, 0, 0.5, 0, 0, 0, 0, "-0" as const]),
        bias: [1, 0, 0, 0, 0, 0, 0, 0],
      },
    ];
    const testCase: TrainingCase = {
      ...presets.published,
      model: { inputs: 2, layers: [relu], forgetBias: 1 },
      init: { kind: "explicit", step: 4, weights, firstMoment: weights, secondMoment: weights },
      data: {
        kind: "explicit",
        batches: [
          { time: 1, lengths: [1, 1], x: [[[0, 1]], [[0, 0]]], y: [[[0, 0]], [[0, 2]]] },
          {
            time: 3,
            lengths: [2],
            x: [
              [
                [0, 0],
                [0, 0],
                [7, 0],
              ],
            ],
            y: [
              [
                [0, 0],
                [0, 0],
                [0, 0],
              ],
            ],
          },
        ],
      },
      steps: 2,
    };
    const expected: CaseSize = {
      rows: 2,
      time: 3,
      layers: 1,
      units: 2,
      steps: 2,
      numbers: 3 * (4 * 8 + 8) + 8 + 12,
      nonZero: 3 * (4 + 1) + 3,
    };
    expect(caseSize(testCase, writtenNumbers(testCase))).toEqual(expected);
  });

  it("finds no number in what a seed draws", () => {
    const drawn: TrainingCase = {
      ...presets.published,
      model: { inputs: 2, layers: [relu, relu], forgetBias: 1 },
    };
    expect(caseSize(drawn, writtenNumbers(drawn))).toEqual({
      rows: 64,
      time: 64,
      layers: 2,
      units: 4,
      steps: 10_000_000,
      numbers: 0,
      nonZero: 0,
    });
  });
});
