import { describe, expect, test } from "vitest";
import { UnsupportedCaseError } from "../../../../documents/errors.ts";
import { gauge, recordNumbers } from "../../../stepRecord.ts";
import type { Batch } from "../../cases/batch.ts";
import type { OptimizerSpec, TrainingCase } from "../../cases/schema.ts";
import type { TrainingState } from "../../cases/state.ts";
import { layerGauge } from "../gauges.ts";
import { explorerEngine } from "./engine.ts";
import { type DrawnCase, drawCase } from "./testing/cases.ts";

const engine = explorerEngine();
const ADAM: OptimizerSpec = {
  kind: "adam",
  form: "tf1",
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clip: { kind: "none" },
  skipNonFinite: false,
};

/** Three ragged rows, two layers; a step of it is finite. */
function plain(): DrawnCase & { batch: Batch } {
  const drawn = drawCase("plain", {
    activations: ["relu", "tanh"],
    optimizer: ADAM,
    loss: { normalise: { kind: "tensorflow" }, axis: "time", padding: "counted" },
  });
  const { inputs, layers } = drawn.testCase.model;
  const [rows, time] = [3, 5];
  const fill = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i + 1));
  const x = fill(rows * time * inputs);
  x.fill(0, 2 * inputs, time * inputs);
  x.fill(0, (2 * time + 4) * inputs);
  const batch = {
    rows,
    time,
    x,
    y: fill(rows * time * (layers[1]?.units ?? 0)),
    lengths: Int32Array.of(2, 5, 4),
  };
  return { ...drawn, batch };
}

describe("discarded steps", () => {
  /** A row of 30 that overflows in its 31st step, beside a row of `other` timesteps. */
  const beside = (other: number, padding: number) => {
    const state: TrainingState = {
      step: 0,
      weights: [
        { kernel: Float32Array.of(0, 1, 0, 0, 0, 40, 0, 0), bias: Float32Array.of(9, 0, 0, 9) },
        { kernel: new Float32Array(8).fill(1e-3), bias: new Float32Array(4) },
      ],
      firstMoment: [],
      secondMoment: [],
    };
    const testCase: TrainingCase = {
      ...plain().testCase,
      model: {
        inputs: 1,
        layers: [
          { units: 1, activation: "relu" },
          { units: 1, activation: "tanh" },
        ],
        forgetBias: 1,
      },
      optimizer: { kind: "sgd", learningRate: 1e-30, clip: { kind: "none" }, skipNonFinite: false },
    };
    // The cell grows 40-fold a step: 1e38 after 24 of them.
    const x = new Float32Array(2 * 33);
    x.fill(1, 0, 24);
    x.fill(padding, 24, 33);
    const batch = {
      rows: 2,
      time: 33,
      x,
      y: new Float32Array(66).fill(1),
      lengths: Int32Array.of(24, other),
    };
    const run = engine.start(testCase, state);
    const record = run.step(batch);
    run.dispose();
    return record;
  };

  test("kill the gradients when a longer row shares the batch, and only then", () => {
    expect(beside(24, 0).finite.gradients).toBe(true);
    const longer = beside(33, 0);
    expect(longer.finite).toMatchObject({ loss: true, gradients: false, weights: false });
    expect(gauge(longer, layerGauge(0, "maxCell"))).toBe(Number.POSITIVE_INFINITY);
  });

  test("are all taken where the padding's inputs differ from one another", () => {
    const { testCase, state, batch } = plain();
    const units = testCase.model.layers[0]?.units ?? 0;
    batch.x[(0 * batch.time + 4) * testCase.model.inputs] = Number.POSITIVE_INFINITY;
    const run = engine.start(testCase, state);
    const record = run.step(batch);
    run.dispose();
    expect(units).toBeGreaterThan(0);
    expect(record.finite).toMatchObject({ loss: true, gradients: false });
  });
});

describe("a run", () => {
  test("keeps the state before the last step, and copies what it was given", () => {
    const { testCase, state, batch } = plain();
    const run = engine.start(testCase, state);
    const start = structuredClone(state);
    expect(run.previousState()).toEqual(start);
    state.weights[0]?.kernel.fill(0);
    expect(run.state()).toEqual(start);
    run.step(batch);
    expect(run.previousState()).toEqual(start);
    const once = run.state();
    expect(once.step).toBe(start.step + 1);
    run.evaluate(batch);
    run.gradients(batch);
    run.outputs(batch);
    expect(run.state()).toEqual(once);
    run.step(batch);
    expect(run.previousState()).toEqual(once);
    run.dispose();
    for (const use of [() => run.step(batch), () => run.state(), () => run.previousState()])
      expect(use).toThrow("disposed");
  });

  test("skipNonFinite leaves state and step count as they were", () => {
    const { testCase, state, batch } = plain();
    batch.x[0] = Number.NaN;
    const run = engine.start({ ...testCase, optimizer: { ...ADAM, skipNonFinite: true } }, state);
    const record = run.step(batch);
    expect(record).toMatchObject({
      step: 1,
      skipped: true,
      finite: { gradients: false, weights: true, moments: true },
    });
    expect(run.state()).toEqual(state);
    expect(run.previousState()).toEqual(state);
    run.dispose();
  });

  test("the numbers of a record are float32: no sum or root of them has more digits", () => {
    const { testCase, state, batch } = plain();
    const run = engine.start({ ...testCase, loss: { ...testCase.loss, l2: 0.013 } }, state);
    for (let step = 0; step < 3; step++) {
      const record = run.step(batch);
      for (const value of recordNumbers(record)) expect(Math.fround(value)).toBe(value);
      const [distance, regulariser] = [gauge(record, "cosineDistance"), gauge(record, "regulariser")];
      expect(regulariser).toBeGreaterThan(0);
      expect(record.loss).toBe(Math.fround(distance + regulariser));
    }
    run.dispose();
  });

  test("refuses a batch whose inputs or targets are too few or too many", () => {
    const { testCase, state, batch } = plain();
    const run = engine.start(testCase, state);
    for (const name of ["x", "y"] as const)
      for (const length of [batch[name].length - 1, batch[name].length + 1])
        expect(() => run.step({ ...batch, [name]: new Float32Array(length) })).toThrow(
          `batch.${name} holds ${length} numbers where the case asks for ${batch[name].length}`,
        );
    run.dispose();
  });

  test("a trace notices that the run was used or disposed of in its midst", () => {
    const { testCase, state, batch } = plain();
    for (const use of ["evaluate", "dispose"] as const) {
      const run = engine.start(testCase, state);
      const trace = run.trace(batch)[Symbol.iterator]();
      expect(trace.next().done).toBe(false);
      run[use](batch);
      expect(() => trace.next()).toThrow("while it was being traced");
      run.dispose();
    }
  });

  test("a trace of the first step writes what that step writes", () => {
    const { testCase, state, batch } = plain();
    const run = engine.start(testCase, state);
    const updated = [...run.trace(batch)].filter(({ phase }) => phase === "update");
    run.step(batch);
    expect(
      updated.map(({ tensors }) => tensors.find(({ name }) => name === "updatedKernel")?.values),
    ).toEqual(run.state().weights.map(({ kernel }) => kernel));
    run.dispose();
  });

  test("a larger batch than the case names makes the arena grow; the state stays", () => {
    const { testCase, state, batch } = plain();
    const run = engine.start(testCase, state);
    const distance = run.evaluate(batch);
    const repeats = 400;
    const many = <T extends Float32Array | Int32Array>(values: T) =>
      Array.from({ length: repeats }, () => Array.from(values)).flat();
    const large: Batch = {
      rows: batch.rows * repeats,
      time: batch.time,
      x: Float32Array.from(many(batch.x)),
      y: Float32Array.from(many(batch.y)),
      lengths: Int32Array.from(many(batch.lengths)),
    };
    expect(run.evaluate(large)).toBeCloseTo(distance, 5);
    expect(run.state()).toEqual(state);
    run.dispose();
  });

  test("past the bound of the arena it refuses with the sizes and what to do", () => {
    const { testCase, state } = plain();
    const data = {
      kind: "explicit" as const,
      batches: [
        { time: 4096, lengths: new Array<number>(4096).fill(1), x: { byteOffset: 0 }, y: { byteOffset: 0 } },
      ],
    };
    expect(() => engine.start({ ...testCase, data }, state)).toThrow(UnsupportedCaseError);
    expect(() => engine.start({ ...testCase, data }, state)).toThrow("4096 rows x 4096 timesteps");
  });

  test("10,000 differing cases leave the process no larger", { timeout: 240_000 }, () => {
    const settle = (i: number) => {
      const { testCase, state, batches } = drawCase(`memory/${i}`, { size: i % 50 === 0 ? 20 : 3 });
      const run = engine.start(testCase, state);
      for (const batch of batches) run.step(batch);
      run.dispose();
    };
    for (let i = 0; i < 1000; i++) settle(i);
    const before = process.memoryUsage();
    for (let i = 1000; i < 10_000; i++) settle(i);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(16 * 2 ** 20);
    expect(after.external - before.external).toBeLessThan(16 * 2 ** 20);
    expect(after.rss - before.rss).toBeLessThan(96 * 2 ** 20);
  });
});
