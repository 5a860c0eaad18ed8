import { describe, expect, it } from "vitest";
import { isFatal } from "../../stepRecord.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { tfjsEngine } from "../engines/tfjs/engine.ts";
import { examine, given, loss, outputs, sgd, zeros } from "../engines/tfjs/testing/plantedCases.ts";
import { oneUnit, smallCase, steepCase } from "../engines/tfjs/testing/smallCase.ts";

const engine = await tfjsEngine("cpu");

describe("a non-finite value that ends without harm", () => {
  const huge = outputs([1e20, 1e20], {});
  const gate = oneUnit({
    ...given,
    kernel: [
      [3e38, 1, 3e38, -3e38],
      [0, 0, 0, 0],
    ],
    x: [[[9]]],
  });
  const padded = (normalise: TrainingCase["loss"]["normalise"], padding: "masked" | "counted") =>
    oneUnit({
      ...given,
      bias: [0, 1, 0, 0],
      x: [
        [[1], [0]],
        [[1], [1]],
      ],
      lengths: [1, 2],
      differs: { loss: { ...loss, normalise, padding }, optimizer: { ...sgd, learningRate: 1 } },
    });

  // A weight of 1e38 carries a gradient of 5 back to a hidden value of 1e-39, whose cell a clip holds at 0.1.
  const clippedInRow = (gradientClip: number | undefined, learningRate: number) =>
    smallCase({
      model: {
        inputs: 1,
        layers: [
          { units: 1, activation: "linear" },
          { units: 2, activation: "linear" },
        ],
        forgetBias: 0,
        cellClip: 0.1,
        ...(gradientClip !== undefined && { gradientClip }),
      },
      init: {
        kind: "explicit",
        step: 0,
        weights: [
          { kernel: [zeros(4), zeros(4)], bias: [0, 1, 0, -87.5] },
          { kernel: [[0, 0, 1e38, 0, 0, 0, 0, 0], zeros(8), zeros(8)], bias: [0, 0, 0, 0.1, 0, 0, 0, 0] },
        ],
      },
      data: { kind: "explicit", batches: [{ time: 1, lengths: [1], x: [[[1]]], y: [[[1, -1]]] }] },
      loss: { ...loss, axis: "embedding" },
      optimizer: { ...sgd, learningRate },
      steps: 1,
    });

  it.each([
    ["a sum of squares", huge],
    ["a saturated gate", gate],
    ["0 / 0 in masked padding", padded({ kind: "naive" }, "masked")],
    ["a gradient that is clipped before it reaches a weight", clippedInRow(1e15, 1e-3)],
    ["the gradient of padding, which a select drops", padded({ kind: "epsilon", epsilon: 0.1 }, "counted")],
  ])("is no death: %s", (_, testCase) => {
    const { record, diagnosis } = examine(engine, testCase);
    expect(isFatal(record)).toBe(false);
    expect(diagnosis).toBeNull();
  });

  it("is no death where each gradient is clipped by value, but what skipNonFinite skips", () => {
    const clip = { kind: "value", limit: 1 } as const;
    const steep = (differs: Partial<TrainingCase["optimizer"]>) =>
      examine(engine, steepCase({ optimizer: { ...sgd, ...differs } as TrainingCase["optimizer"] }, 1e20));
    const clipped = steep({ clip });
    expect(clipped.record.finite).toMatchObject({ rawGradients: false, gradients: true, weights: true });
    expect(isFatal(clipped.record)).toBe(false);
    expect(clipped.diagnosis).toBeNull();
    expect(steep({ clip, skipNonFinite: true }).record.skipped).toBe(true);
    const unclipped = steep({});
    expect(isFatal(unclipped.record)).toBe(true);
    expect(unclipped.diagnosis).toMatchObject({
      mechanism: "backward-overflow",
      site: { tensor: "kernelGradient" },
    });
  });

  it("is a death where no clip holds it", () =>
    expect(examine(engine, clippedInRow(undefined, 1e-3)).diagnosis).toMatchObject({
      signature: "backward/backward-overflow/linear",
      site: { tensor: "hiddenGradient", layer: 0 },
    }));

  it("does not hide the death of something else in the same step", () => {
    expect(examine(engine, clippedInRow(1e15, 1e25)).diagnosis?.signature).toMatch(
      /^update\/update-overflow\//,
    );
    const update = examine(engine, outputs([1e20, 1e20], { loss: { ...loss, l2: 0.01 }, optimizer: sgd }));
    expect(update.diagnosis?.signature).toBe("normalise/regulariser-overflow/linear");
    const { weights } = gate.init as Extract<TrainingCase["init"], { kind: "explicit" }>;
    const x = [
      [[9], [1]],
      [[1], ["NaN" as const]],
    ];
    const data = {
      kind: "explicit" as const,
      batches: [
        {
          time: 2,
          lengths: [2, 2],
          x,
          y: [
            [[1], [1]],
            [[1], [1]],
          ],
        },
      ],
    };
    const other = examine(engine, { ...gate, init: { kind: "explicit", step: 0, weights }, data });
    expect(other.diagnosis).toMatchObject({ mechanism: "non-finite-input", site: { row: 1, timestep: 1 } });
  });
});
