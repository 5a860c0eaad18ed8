import { describe, expect, it } from "vitest";
import { gauge, isFatal } from "../../../stepRecord.ts";
import { BACKENDS, LEFT_OUT, openBackends } from "./testing/backends.ts";
import { adam, expectFormula, OPTIMIZERS } from "./testing/optimizerFormula.ts";
import { oneUnit, opened, steepCase } from "./testing/smallCase.ts";

const engines = await openBackends();

it.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("the optimizer of tfjs-%s", (backend) => {
  it.each(OPTIMIZERS)("follows the float64 formula over six steps: %s", (_, optimizer, from) =>
    expectFormula(engines(backend), optimizer, from),
  );

  it.each([
    ["globalNorm", false],
    ["safeGlobalNorm", true],
    ["value", true],
  ] as const)("with clip %s and a gradient of about 1e20: lives %s", (kind, lives) => {
    const {
      case: testCase,
      state,
      batch,
    } = opened(
      steepCase({
        optimizer: { kind: "sgd", learningRate: 1, clip: { kind, limit: 1 }, skipNonFinite: false },
      }),
    );
    const training = engines(backend).start(testCase, state);
    const record = training.step(batch);
    training.dispose();
    expect(gauge(record, "rawGradientNorm")).toBeGreaterThan(1e19);
    expect(record.finite).toMatchObject({ loss: true, gradients: lives, rawGradients: true, weights: lives });
    if (lives) expect(gauge(record, "appliedGradientNorm")).toBeLessThan(4);
  });

  it("skipNonFinite leaves weights, moments and t as they were where the gradient is not finite", () => {
    const testCase = oneUnit({
      activation: "relu",
      kernel: [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      bias: [1, 1, 1, 1],
      x: [[["Infinity"]]],
      differs: { optimizer: adam({ skipNonFinite: true }) },
    });
    const { state, batch } = opened(testCase);
    const training = engines(backend).start(testCase, state);
    const record = training.step(batch);
    expect(record).toMatchObject({
      step: 1,
      skipped: true,
      finite: { gradients: false, weights: true, moments: true },
    });
    expect(isFatal(record)).toBe(false);
    expect(training.state()).toEqual(state);
    expect(training.previousState()).toEqual(state);
    training.dispose();
  });
});
