import { describe, expect, test } from "vitest";
import { gateColumns } from "../../cases/gates.ts";
import type { Activation, OptimizerSpec, TrainingCase } from "../../cases/schema.ts";
import type { TrainingState } from "../../cases/state.ts";
import { tfjsEngine } from "../tfjs/engine.ts";
import { opened, smallCase } from "../tfjs/testing/smallCase.ts";
import { explorerEngine } from "./engine.ts";

const explorer = explorerEngine();
const tfjs = await tfjsEngine("cpu");

const INPUTS = 2;
const UNITS = 3;
const SGD: OptimizerSpec = { kind: "sgd", learningRate: 1, clip: { kind: "none" }, skipNonFinite: false };

/** One layer on rows of one timestep, where the hidden state is 0 throughout; all weights are 0.1. */
function atOnce(activation: Activation, optimizer = SGD) {
  const { case: testCase, batch } = opened(
    smallCase({
      model: { inputs: INPUTS, layers: [{ units: UNITS, activation }], forgetBias: 1 },
      optimizer,
    }),
  );
  const rows = 2;
  const filled = (value: number) => [
    {
      kernel: new Float32Array((INPUTS + UNITS) * gateColumns(UNITS)).fill(value),
      bias: new Float32Array(gateColumns(UNITS)).fill(value),
    },
  ];
  const hasMoments = optimizer.kind === "adam";
  const state: TrainingState = {
    step: 5,
    weights: filled(0.1),
    firstMoment: hasMoments ? filled(0) : [],
    secondMoment: hasMoments ? filled(0) : [],
  };
  const x = Float32Array.of(1, -1, 0.5, 2);
  const y = Float32Array.of(1, 2, 3, -1, 0, 1);
  return { testCase, state, batch: { ...batch, rows, time: 1, x, y, lengths: Int32Array.of(1, 1) } };
}

/** Place of the weight from a hidden unit to a gate's unit, in the kernel. */
const fedBack = (hidden: number, column: number) => (INPUTS + hidden) * gateColumns(UNITS) + column;

const spoil = (state: TrainingState, value: number) => {
  state.weights[0]?.kernel.fill(value, fedBack(1, 4), fedBack(1, 4) + 1);
};

describe("a weight from the hidden state that is not finite counts at timestep 0, where that state is 0: 0 * Infinity is NaN", () => {
  test.each([Infinity, -Infinity, Number.NaN])("%d, from the first step on", (value) => {
    const { testCase, state, batch } = atOnce("tanh");
    spoil(state, value);
    const steps = [explorer, tfjs].map((engine) => {
      const run = engine.start(testCase, state);
      const outputs = run.outputs(batch);
      const { finite } = run.step(batch);
      run.dispose();
      return { outputs: Array.from(outputs, Number.isFinite), finite };
    });
    expect(steps[0]).toEqual(steps[1]);
    // The candidate of unit 1 alone reads that weight.
    expect(steps[0]?.outputs).toEqual([true, false, true, true, false, true]);
    expect(steps[0]?.finite).toMatchObject({ loss: false, gradients: false });
  });

  test("also where the run before it on the same instance had finite weights", () => {
    const engine = explorerEngine();
    const { testCase, state, batch } = atOnce("tanh");
    const before = engine.start(testCase, state);
    before.step(batch);
    before.dispose();
    spoil(state, Infinity);
    const run = engine.start(testCase, state);
    expect(run.evaluate(batch)).toBeNaN();
    run.dispose();
  });

  test("one that a step has made so: the next has the bits of a run that starts from there", () => {
    const optimizer: OptimizerSpec = {
      ...{ kind: "adam", form: "tf1", learningRate: 1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
      ...{ clip: { kind: "none" }, skipNonFinite: false },
    };
    const { testCase, state, batch } = atOnce("tanh", optimizer);
    // Moments like these send one weight past the largest float32, and only that one.
    state.firstMoment[0]?.kernel.fill(3e38, fedBack(1, 4), fedBack(1, 4) + 1);
    const run = explorer.start(testCase, state);
    expect(run.evaluate(batch)).not.toBeNaN();
    expect(run.step(batch).finite).toMatchObject({
      loss: true,
      gradients: true,
      weights: false,
      moments: true,
    });
    const after = run.state();
    expect(after.weights[0]?.kernel.filter((w) => !Number.isFinite(w))).toEqual(Float32Array.of(-Infinity));
    expectAsFresh(run, testCase, after, batch);
    run.dispose();
  });

  test("after a step that leaves all finite the next has the bits of a run that starts from there", () => {
    const { testCase, state, batch } = atOnce("tanh");
    const run = explorer.start(testCase, state);
    run.step(batch);
    expectAsFresh(run, testCase, run.state(), batch);
    run.dispose();
  });
});

test("without a regulariser an infinite weight that only opens a gate leaves every gradient finite: there is no 0 * Infinity", () => {
  const { testCase, state, batch } = atOnce("tanh");
  expect(testCase.loss.l2).toBe(0);
  // By the first input, 1 in one row and 0.5 in the other, to the first unit's input gate.
  state.weights[0]?.kernel.fill(Infinity, 0, 1);
  for (const engine of [explorer, tfjs]) {
    const run = engine.start(testCase, state);
    const [gradient] = run.gradients(batch);
    expect(gradient?.kernel[0]).toBe(0);
    expect(run.step(batch).finite).toMatchObject({ loss: true, gradients: true, weights: false });
    run.dispose();
  }
});

type Run = ReturnType<typeof explorer.start>;

function expectAsFresh(
  run: Run,
  testCase: TrainingCase,
  state: TrainingState,
  batch: Parameters<Run["step"]>[0],
) {
  const fresh = explorer.start(testCase, state);
  expect(run.outputs(batch)).toEqual(fresh.outputs(batch));
  expect(run.evaluate(batch)).toEqual(fresh.evaluate(batch));
  expect(run.gradients(batch)).toEqual(fresh.gradients(batch));
  const { step: _, ...record } = fresh.step(batch);
  expect(run.step(batch)).toMatchObject(record);
  fresh.dispose();
}
