import { describe, expect, test } from "vitest";
import { gateColumns } from "../../cases/gates.ts";
import { PARAMETERS } from "../../cases/parameters.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import { centralDifferences } from "../testing/differences.ts";
import { type TwinLayer, twinLayers, twinPass } from "../testing/twin.ts";
import { explorerEngine } from "./engine.ts";
import { drawCase, type Settled } from "./testing/cases.ts";

const engine = explorerEngine();
const seeds = Array.from({ length: 40 }, (_, i) => `step/${i}`);

/** The one form that is finite at the zero vectors that relu makes. */
const settled: Settled = { loss: { normalise: { kind: "tensorflow" } } };

/**
 * |got - want| / |want| as vectors. Vectors below 0.01 are measured against that: where one unit alone
 * is alive the gradient of a cosine is 0, and all there is of it is rounding.
 */
function relativeError(got: ArrayLike<number>, want: ArrayLike<number>): number {
  expect(got.length).toBe(want.length);
  let difference = 0;
  let size = 0;
  for (let i = 0; i < want.length; i++) {
    difference += ((got[i] as number) - (want[i] as number)) ** 2;
    size += (want[i] as number) ** 2;
  }
  return Math.sqrt(difference) / Math.max(Math.sqrt(size), 0.01);
}

describe("one step against the float64 twin", () => {
  test.each(seeds)("%s: loss, outputs, gradients", (seed) => {
    for (const loss of [
      { normalise: { kind: "tensorflow" } },
      { normalise: { kind: "safe" } },
      { normalise: { kind: "naive" }, padding: "masked" },
      { normalise: { kind: "epsilon", epsilon: 0.01 } },
    ] as const) {
      const { testCase, state, batches } = drawCase(seed, { loss, top: "tanh" });
      const unclipped: TrainingCase = {
        ...testCase,
        optimizer: { ...testCase.optimizer, clip: { kind: "none" } },
      };
      const training = engine.start(unclipped, state);
      for (const batch of batches) {
        const twin = twinPass(unclipped, twinLayers(state.weights), batch);
        expect(relativeError(training.outputs(batch), twin.outputs)).toBeLessThan(1e-5);
        expect(Math.abs(training.evaluate(batch) - twin.cosineDistance)).toBeLessThan(
          2e-6 * (1 + batch.time),
        );
        training.gradients(batch).forEach(({ kernel, bias }, l) => {
          const want = twin.gradients[l] as TwinLayer;
          expect(relativeError(kernel, want.kernel), `kernel ${l}`).toBeLessThan(2e-4);
          expect(relativeError(bias, want.bias), `bias ${l}`).toBeLessThan(2e-4);
        });
      }
      training.dispose();
    }
  });

  test.each(seeds.slice(0, 10))("%s: a cell clip in the midst of the cells", (seed) => {
    const { testCase, state, batches } = drawCase(seed, { ...settled, cellClip: 0.3, optimizer: SGD });
    const training = engine.start(testCase, state);
    for (const batch of batches) {
      const twin = twinPass(testCase, twinLayers(state.weights), batch);
      expect(relativeError(training.outputs(batch), twin.outputs)).toBeLessThan(1e-5);
      training.gradients(batch).forEach(({ kernel }, l) => {
        expect(relativeError(kernel, (twin.gradients[l] as TwinLayer).kernel)).toBeLessThan(2e-4);
      });
    }
    training.dispose();
  });

  test.each(seeds.slice(0, 10))("%s: a gradient clip in the midst of the gradients", (seed) => {
    const { testCase, state, batches } = drawCase(seed, { ...settled, gradientClip: 1e-3, optimizer: SGD });
    const { gradientClip: _, ...unclipped } = testCase.model;
    const training = engine.start(testCase, state);
    let acts = false;
    for (const batch of batches) {
      const twin = twinPass(testCase, twinLayers(state.weights), batch);
      const without = twinPass({ ...testCase, model: unclipped }, twinLayers(state.weights), batch);
      training.gradients(batch).forEach(({ kernel, bias }, l) => {
        const want = twin.gradients[l] as TwinLayer;
        expect(relativeError(kernel, want.kernel)).toBeLessThan(2e-4);
        expect(relativeError(bias, want.bias)).toBeLessThan(2e-4);
        acts ||= relativeError(bias, (without.gradients[l] as TwinLayer).bias) > 1e-2;
      });
    }
    expect(acts).toBe(true);
    training.dispose();
  });
});

const SGD = { kind: "sgd", learningRate: 0.1, clip: { kind: "none" }, skipNonFinite: false } as const;

describe("the float64 twin against central differences", () => {
  test.each(seeds.slice(0, 12))("%s", (seed) => {
    const { testCase, state, batches } = drawCase(seed, { ...settled, size: 3, optimizer: SGD });
    const [batch] = batches;
    if (batch === undefined) throw new Error("two batches are drawn");
    const layers = twinLayers(state.weights);
    const { gradients } = twinPass(testCase, layers, batch);
    const expected = centralDifferences(layers, () => twinPass(testCase, layers, batch).loss);
    gradients.forEach((layer, l) => {
      for (const name of PARAMETERS)
        layer[name].forEach((analytic, i) => {
          const difference = Math.abs((expected[l]?.[name][i] ?? 0) - analytic);
          expect(difference).toBeLessThan(1e-6 + 1e-4 * Math.abs(analytic));
        });
    });
  });
});

describe("relu at its kink", () => {
  /** One relu unit, all gates half open, whose candidate's pre-activation is `bias` and no other number. */
  const gradientAt = (bias: number) => {
    const { testCase } = drawCase("kink", {
      loss: { normalise: { kind: "tensorflow" }, l2: 0 },
      activations: ["relu", "tanh"],
      optimizer: SGD,
    });
    const model = {
      inputs: 1,
      layers: [
        { units: 1, activation: "relu" },
        { units: 2, activation: "tanh" },
      ],
      forgetBias: 0,
    } as const;
    const layer = (inputs: number, units: number) => ({
      kernel: new Float32Array((inputs + units) * gateColumns(units)).fill(0.5),
      bias: new Float32Array(gateColumns(units)).fill(0.25),
    });
    const lower = { kernel: new Float32Array(8), bias: Float32Array.of(0, bias, 0, 0) };
    const upper = layer(1, 2);
    upper.kernel.forEach((_, i) => {
      upper.kernel[i] = 0.1 * (i % 7) - 0.3;
    });
    const state = { step: 0, weights: [lower, upper], firstMoment: [], secondMoment: [] };
    const run = engine.start({ ...testCase, model: { ...model, layers: [...model.layers] } }, state);
    const batch = {
      rows: 1,
      time: 1,
      x: Float32Array.of(1),
      y: Float32Array.of(1, -2),
      lengths: Int32Array.of(1),
    };
    const loss = run.evaluate(batch);
    const gradient = run.gradients(batch)[0]?.bias[1] ?? Number.NaN;
    run.dispose();
    return { loss, gradient };
  };

  test("at exactly 0 the gradient is the one from the left, 0, as ReluGrad's; just above it the one from the right", () => {
    const [left, kink, right] = [-0.01, 0, 1e-30].map(gradientAt);
    expect(left?.gradient).toBe(0);
    expect(kink?.gradient).toBe(0);
    expect(Math.abs(right?.gradient ?? 0)).toBeGreaterThan(1e-3);
  });

  test("from the left the loss does not change, from the right it changes as the gradient says", () => {
    const h = 2 ** -7;
    const at = (bias: number) => gradientAt(bias).loss;
    expect(at(-h)).toBe(at(0));
    const slope = (at(2 * h) - at(0)) / (2 * h);
    expect(slope / gradientAt(h).gradient).toBeCloseTo(1, 2);
  });
});
