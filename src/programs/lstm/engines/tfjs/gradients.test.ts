import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../../numerics/random.ts";
import { ACTIVATIONS } from "../../cases/activations.ts";
import { PARAMETERS } from "../../cases/parameters.ts";
import type { Activation, TrainingCase } from "../../cases/schema.ts";
import { centralDifferences } from "../testing/differences.ts";
import { twinLayers, twinPass } from "../testing/twin.ts";
import { BACKENDS, LEFT_OUT, openBackends } from "./testing/backends.ts";
import { opened, smallCase, synthetic } from "./testing/smallCase.ts";

const engines = await openBackends();
const TIME = 4;

/** naive and epsilon have no gradient at a zero output, so there the top layer has no relu. */
const generated: fc.Arbitrary<TrainingCase> = fc
  .record({
    seed: fc.nat().map(String),
    activations: fc.array(fc.constantFrom<Activation>(...ACTIVATIONS), {
      minLength: 1,
      maxLength: 3,
    }),
    units: fc.integer({ min: 2, max: 3 }),
    lengths: fc.array(fc.integer({ min: 0, max: TIME }), { minLength: 1, maxLength: 3 }),
    forgetBias: fc.constantFrom(1, 0, -0.5),
    cellClip: fc.option(fc.constantFrom(0.2, 0.5), { nil: undefined }),
    axis: fc.constantFrom("time" as const, "embedding" as const),
    padding: fc.constantFrom("counted" as const, "masked" as const),
    normalise: fc.constantFrom<TrainingCase["loss"]["normalise"]>(
      { kind: "tensorflow" },
      { kind: "safe" },
      { kind: "naive" },
      { kind: "epsilon", epsilon: 0.1 },
    ),
    l2: fc.constantFrom(0, 0.01),
  })
  .map(({ seed, activations, units, lengths, forgetBias, cellClip, normalise, ...rest }) => {
    const smooth = normalise.kind === "naive" || normalise.kind === "epsilon";
    const layers = activations.map((activation, l) => ({
      units: l === 0 ? 2 : units,
      activation: smooth && l === activations.length - 1 && activation === "relu" ? "linear" : activation,
    }));
    // A naive norm divides by 0 in padding, so it is drawn with full rows only.
    const full = normalise.kind === "naive" ? lengths.map(() => TIME) : lengths;
    return smallCase({
      model: { inputs: 2, layers, forgetBias, ...(cellClip !== undefined && { cellClip }) },
      init: { kind: "glorot", seed, scale: 2 },
      data: { ...synthetic(full, TIME), seed },
      loss: { kind: "cosine", normalise, axis: rest.axis, padding: rest.padding, l2: rest.l2 },
    });
  });

/**
 * The case with random biases, so that no unit is at a kink. Candidates of the top layer are
 * moved up: with a single unit of an output above 0 the gradient is exactly 0, and float32 shows
 * rounding only.
 */
function withBiases(testCase: TrainingCase) {
  const small = opened(testCase);
  const random = randomStream("biases", testCase.init.kind === "glorot" ? testCase.init.seed : "");
  small.state.weights.forEach(({ bias }, l) => {
    const top = l === small.state.weights.length - 1;
    bias.forEach((_, i) => {
      const candidate = Math.floor((4 * i) / bias.length) === 1;
      bias[i] = 0.5 * random.gaussian() + (top && candidate ? 2 : 0);
    });
  });
  return { ...small, layers: twinLayers(small.state.weights) };
}

/** Largest difference, as a part of `scale`. */
function distance(actual: Float32Array, expected: ArrayLike<number>, scale: number): number {
  return Math.max(0, ...Array.from(actual, (value, i) => Math.abs(value - (expected[i] as number)) / scale));
}
const largest = (values: ArrayLike<number>) => Math.max(0, ...Array.from(values, Math.abs));

it.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("tfjs-%s and a float64 twin of the step", (backend) => {
  it("have the same outputs, loss and gradients on generated cases", () => {
    fc.assert(
      fc.property(generated, (testCase) => {
        const { layers, state, batch } = withBiases(testCase);
        const training = engines(backend).start(testCase, state);
        try {
          const { outputs, ...loss } = twinPass(testCase, layers, batch);
          expect(distance(training.outputs(batch), outputs, 1 + largest(outputs))).toBeLessThan(1e-6);
          const expected = centralDifferences(layers, () => twinPass(testCase, layers, batch).loss);
          const all = Math.max(...expected.flatMap(({ kernel, bias }) => [largest(kernel), largest(bias)]));
          training.gradients(batch).forEach((actual, l) => {
            for (const name of PARAMETERS) {
              const values = expected[l]?.[name] as Float64Array;
              // A small tensor inherits the rounding of the larger gradients it is made of.
              const scale = 1e-4 * largest(values) + 1e-6 * all + 1e-8;
              expect(distance(actual[name], values, scale), `layer ${l} ${name}`).toBeLessThan(1);
            }
          });
          expect(training.evaluate(batch)).toBeCloseTo(loss.cosineDistance, 5);
          const record = training.step(batch);
          const taken: Record<string, number> = { loss: record.loss, ...record.gauges };
          for (const name of ["loss", "cosineDistance", "regulariser"] as const)
            expect(taken[name], name).toBeCloseTo(loss[name], 5);
        } finally {
          training.dispose();
        }
      }),
      { seed: 51038266, numRuns: backend === "cpu" ? 60 : 30 },
    );
  });
});
