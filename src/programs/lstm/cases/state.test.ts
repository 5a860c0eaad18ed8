import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FLOAT32_MAX } from "../../../numerics/float32.ts";
import { presets } from "./presets.ts";
import type { TrainingCase } from "./schema.ts";
import { decodeTensor, encodeMatrix, encodeVector, initialState } from "./state.ts";

const model = {
  inputs: 30,
  layers: [
    { units: 20, activation: "relu" as const },
    { units: 10, activation: "tanh" as const },
  ],
  forgetBias: 1,
};
const glorot = (seed: string, scale = 1): TrainingCase => ({
  ...presets.published,
  model,
  init: { kind: "glorot", seed, scale },
});

describe("a glorot start", () => {
  const { step, weights, firstMoment, secondMoment } = initialState(glorot("1"));

  it("has kernels [inputs + units, 4 units], biases of zero, moments of zero and no steps", () => {
    expect(weights.map(({ kernel, bias }) => [kernel.length, bias.length])).toEqual([
      [50 * 80, 80],
      [30 * 40, 40],
    ]);
    expect(step).toBe(0);
    for (const { bias } of weights) expect(bias.every((b) => b === 0)).toBe(true);
    for (const moments of [firstMoment, secondMoment]) {
      expect(moments.map(({ kernel }) => kernel.length)).toEqual([4000, 1200]);
      for (const { kernel, bias } of moments) expect([...kernel, ...bias].every((m) => m === 0)).toBe(true);
    }
  });

  it.each([1, 2.5])("is uniform in +-%s * sqrt(6 / (fan in + fan out)), the whole breadth of it", (scale) => {
    initialState(glorot("1", scale)).weights.forEach(({ kernel }, l) => {
      const limit = scale * Math.sqrt(6 / ([50 + 80, 30 + 40][l] as number));
      expect(Math.max(...kernel)).toBeLessThanOrEqual(limit);
      expect(Math.min(...kernel)).toBeGreaterThanOrEqual(-limit);
      expect(Math.max(...kernel)).toBeGreaterThan(0.99 * limit);
      expect(Math.min(...kernel)).toBeLessThan(-0.99 * limit);
      const variance = kernel.reduce((sum, w) => sum + w * w, 0) / kernel.length;
      expect(variance / (limit ** 2 / 3)).toBeCloseTo(1, 1);
    });
  });

  it("depends on the seed alone, and draws each layer from a stream of its own", () => {
    expect(initialState(glorot("1"))).toEqual(initialState(glorot("1")));
    expect(initialState(glorot("2")).weights[0]).not.toEqual(weights[0]);
    const wider = { ...model, inputs: 31 };
    expect(initialState({ ...glorot("1"), model: wider }).weights[1]).toEqual(weights[1]);
    const units = weights.map(({ kernel }, l) => (kernel[0] ?? 0) / Math.sqrt(6 / ([130, 70][l] ?? 1)));
    expect(units[0]).not.toBeCloseTo(units[1] ?? 0, 3);
  });

  it("keeps no moments for sgd", () => {
    const sgd = { kind: "sgd", learningRate: 1, clip: { kind: "none" }, skipNonFinite: false } as const;
    expect(initialState({ ...glorot("1"), optimizer: sgd })).toMatchObject({
      firstMoment: [],
      secondMoment: [],
    });
  });
});

describe("an explicit start", () => {
  const one = { inputs: 1, layers: [{ units: 1, activation: "relu" as const }], forgetBias: 1 };
  const weights = [
    {
      kernel: [
        [1, 2, 3, "NaN" as const],
        [5, 6, "-0" as const, "Infinity" as const],
      ],
      bias: [0.1, 0, 0, 0],
    },
  ];
  const explicit = (init: object): TrainingCase => ({
    ...presets.published,
    model: one,
    init: { kind: "explicit", step: 7, weights, ...init },
  });

  it("is read row by row, with NaN, Infinity and -0", () => {
    const state = initialState(explicit({}));
    expect(state.step).toBe(7);
    expect([...(state.weights[0]?.kernel ?? [])]).toEqual([
      1,
      2,
      3,
      Number.NaN,
      5,
      6,
      -0,
      Number.POSITIVE_INFINITY,
    ]);
    expect(state.weights[0]?.bias[0]).toBe(Math.fround(0.1));
    expect(state.firstMoment[0]?.kernel).toEqual(new Float32Array(8));
  });

  it("takes moments where they are given", () => {
    const moments = [
      {
        kernel: [
          [1, 1, 1, 1],
          [2, 2, 2, 2],
        ],
        bias: [3, 3, 3, 3],
      },
    ];
    const state = initialState(explicit({ firstMoment: moments, secondMoment: weights }));
    expect([...(state.firstMoment[0]?.bias ?? [])]).toEqual([3, 3, 3, 3]);
    expect(state.secondMoment).toEqual(state.weights);
  });
});

describe("a tensor", () => {
  it("comes back from JSON to the bit, whatever float32 it holds", () => {
    fc.assert(
      fc.property(fc.array(fc.float(), { minLength: 6, maxLength: 6 }), (numbers) => {
        const values = Float32Array.from(numbers);
        const bits = (array: Float32Array) => [...array].map((v) => (Object.is(v, -0) ? "-0" : String(v)));
        const throughJson = (json: unknown) => JSON.parse(JSON.stringify(json));
        expect(bits(decodeTensor(throughJson(encodeVector(values)), 6))).toEqual(bits(values));
        expect(bits(decodeTensor(throughJson(encodeMatrix(values, 3)), 6))).toEqual(bits(values));
      }),
      { seed: 3, numRuns: 200 },
    );
    expect(encodeVector(Float32Array.of(FLOAT32_MAX))).toEqual([3.4028235e38]);
  });

  it("is read out of a binary file at its place, little-endian", () => {
    const file = new Uint8Array([9, 9, 9, 9, 0, 0, 128, 63, 0, 0, 0, 192]).subarray(2);
    expect([...decodeTensor({ byteOffset: 2 }, 2, file)]).toEqual([1, -2]);
  });

  it("that does not fit into the binary file is refused", () => {
    expect(() => decodeTensor({ byteOffset: 4 }, 2, new Uint8Array(11))).toThrow(RangeError);
    expect(() => decodeTensor({ byteOffset: 0 }, 1)).toThrow(/has 0/);
  });
});
