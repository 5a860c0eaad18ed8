import { describe, expect, it } from "vitest";
import type { OptimizerSpec } from "../../cases/schema.ts";
import type { TrainingState } from "../../cases/state.ts";
import { gauge, isFatal } from "../../programs/stepRecord.ts";
import { BACKENDS, LEFT_OUT, openBackends } from "./testing/backends.ts";
import { oneUnit, opened, smallCase, steepCase } from "./testing/smallCase.ts";
import { type Slot64, twinClip, twinUpdate } from "./testing/twinUpdate.ts";

const engines = await openBackends();
const STEPS = 6;

const adam = (differs: object = {}): OptimizerSpec => ({
  kind: "adam",
  form: "tf1",
  learningRate: 0.02,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-3,
  clip: { kind: "none" },
  skipNonFinite: false,
  ...differs,
});
const optimizers: [string, OptimizerSpec][] = [
  ["adam, tf1", adam()],
  ["adam, tfjs", adam({ form: "tfjs" })],
  ["sgd", { kind: "sgd", learningRate: 0.5, clip: { kind: "none" }, skipNonFinite: false }],
  ["adam, globalNorm", adam({ clip: { kind: "globalNorm", limit: 0.05 } })],
  ["adam, globalNorm that never clips", adam({ clip: { kind: "globalNorm", limit: 1e9 } })],
  ["adam, safeGlobalNorm", adam({ clip: { kind: "safeGlobalNorm", limit: 0.05 } })],
  ["adam, safeGlobalNorm that never clips", adam({ clip: { kind: "safeGlobalNorm", limit: 1e9 } })],
  ["adam, value", adam({ clip: { kind: "value", limit: 0.005 } })],
  ["adam from a state 40 steps on", adam()],
];

const flat = (layers: TrainingState["weights"]) => layers.flatMap(({ kernel, bias }) => [...kernel, ...bias]);
const slotOf = (state: TrainingState): Slot64 => ({
  w: flat(state.weights),
  m: flat(state.firstMoment),
  v: flat(state.secondMoment),
});

it.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("the optimizer of tfjs-%s", (backend) => {
  it.each(optimizers)("follows the float64 formula over six steps: %s", (name, optimizer) => {
    const testCase = smallCase({ optimizer });
    const { state, batch } = opened(testCase);
    state.step = name.includes("40 steps") ? 40 : 0;
    const raw = engines(backend).start(
      { ...testCase, optimizer: { ...optimizer, clip: { kind: "none" } } },
      state,
    );
    const firstRaw = flat(raw.gradients(batch));
    raw.dispose();
    const training = engines(backend).start(testCase, state);
    try {
      for (let k = 0; k < STEPS; k++) {
        const before = slotOf(training.state());
        const gradients = flat(training.gradients(batch));
        if (k === 0) close(gradients, twinClip(optimizer.clip, firstRaw), 1e-6);
        const record = training.step(batch);
        // Each step from the engine's own state: only one update's rounding is between the two.
        const expected = twinUpdate(optimizer, before, gradients, state.step + k + 1);
        const after = slotOf(training.state());
        close(after.w, expected.w, 1e-6);
        close(after.m, expected.m, 1e-6);
        close(after.v, expected.v, 1e-6);
        close([gauge(record, "appliedGradientNorm")], [Math.hypot(...gradients)], 1e-6);
      }
      expect(training.state().step).toBe(state.step + STEPS);
    } finally {
      training.dispose();
    }
  });

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

/** Entries differ by no more than `part` of the largest. */
function close(actual: number[], expected: number[], part: number): void {
  expect(actual.length).toBe(expected.length);
  const bound = part * Math.max(1e-30, ...expected.map(Math.abs));
  expect(
    Math.max(0, ...actual.map((value, i) => Math.abs(value - (expected[i] as number)))),
  ).toBeLessThanOrEqual(bound);
}
