/**
 * Claim: with `safe` normalisation the cosine distance of any two float32 vectors is finite and in [0, 2], and its
 * gradient is at most 1e6 times the upstream one; above the floor of 1e-6 it does not depend on scale, and the
 * distance of a vector to itself is 0. The three obvious normalisations each break a part of it.
 */
import { fc, test } from "@fast-check/vitest";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect } from "vitest";
import type { LossSpec } from "../src/cases/schema.ts";
import { loadBackend } from "../src/engines/tfjs/backend.ts";
import { cosineDistance, normalise } from "../src/engines/tfjs/loss.ts";

const UNITS = 4;
/** Rounding of a sum of products of unit vectors in float32. */
const ROUNDING = 1e-6;

type Vector = number[];
interface Outcome {
  distance: number;
  gradient: Vector;
}

function outcome(form: LossSpec["normalise"], target: Vector, output: Vector): Outcome {
  const spec: LossSpec = { kind: "cosine", axis: "embedding", normalise: form, padding: "counted", l2: 0 };
  return tf.tidy(() => {
    const y = tf.tensor3d(target, [1, 1, UNITS]);
    const loss = (x: tf.Tensor) =>
      cosineDistance(spec, normalise(form, y), normalise(form, x as tf.Tensor3D), Int32Array.of(1));
    const { value, grad } = tf.valueAndGrad(loss)(tf.tensor3d(output, [1, 1, UNITS]));
    return { distance: value.dataSync()[0] as number, gradient: [...grad.dataSync()] };
  });
}

const magnitude = fc.constantFrom(0, 1e-45, 1e-38, 1e-20, 1e-7, 9e-7, 1.1e-6, 1e-3, 1, 1e3, 1e18, 1e20, 3e38);
const direction = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), {
  minLength: UNITS,
  maxLength: UNITS,
});
const vector = fc
  .tuple(direction, magnitude)
  .map(([units, scale]) => units.map((unit) => Math.fround(unit * scale)));
const mixed = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
  minLength: UNITS,
  maxLength: UNITS,
});
const anyVector = fc.oneof(vector, mixed);
/** Pairs: independent, equal, opposite. */
const pair = fc.oneof(
  fc.tuple(anyVector, anyVector),
  anyVector.map((x): [Vector, Vector] => [x, x]),
  anyVector.map((x): [Vector, Vector] => [x, x.map((unit) => -unit)]),
);

const SAFE = { kind: "safe" } as const;
const runs = { seed: 51038266, numRuns: 500 };

beforeAll(async () => {
  await loadBackend("wasm");
});

describe("zero-vector-safe cosine distance", () => {
  test.prop([pair], runs)("is finite and in [0, 2] for any two vectors", ([target, output]) => {
    const { distance } = outcome(SAFE, target, output);
    expect(distance).toBeGreaterThanOrEqual(-ROUNDING);
    expect(distance).toBeLessThanOrEqual(2 + ROUNDING);
  });

  test.prop([pair], runs)("has a gradient of at most 1e6 times the upstream one", ([target, output]) => {
    const { gradient } = outcome(SAFE, target, output);
    expect(Math.hypot(...gradient)).toBeLessThanOrEqual(1e6 * (1 + 1e-5));
  });

  const above = vector.filter((x) => Math.hypot(...x) > 2e-6);
  test.prop([above], runs)("of a vector to itself is 0 above the floor", (x) => {
    expect(Math.abs(outcome(SAFE, x, x).distance)).toBeLessThanOrEqual(ROUNDING);
  });

  const ordinary = direction.filter((x) => Math.hypot(...x) > 1e-2).map((x) => x.map(Math.fround));
  const scale = fc.constantFrom(1e-3, 1e3, 1e18, 1e20, 1e38);
  test.prop([ordinary, ordinary, scale], runs)(
    "does not depend on scale above the floor",
    (target, output, factor) => {
      const scaled = outcome(
        SAFE,
        target,
        output.map((unit) => Math.fround(unit * factor)),
      );
      expect(Math.abs(scaled.distance - outcome(SAFE, target, output).distance)).toBeLessThanOrEqual(
        ROUNDING,
      );
    },
  );
});

describe("the obvious forms break it", () => {
  const ones = [1, 1, 1, 1];
  const zero = [0, 0, 0, 0];

  test("naive x/|x|: the distance of a zero vector is NaN", () => {
    expect(outcome({ kind: "naive" }, ones, zero).distance).toBeNaN();
  });

  test("epsilon x/(|x|+eps): finite at a zero vector, but its gradient is not", () => {
    const { distance, gradient } = outcome({ kind: "epsilon", epsilon: 1e-8 }, ones, zero);
    expect(distance).toBe(1);
    expect(gradient.some((value) => !Number.isFinite(value))).toBe(true);
  });

  test("tensorflow x*rsqrt(max(sum x^2, 1e-12)): at 1e20 the distance to itself is 1 and the gradient 0", () => {
    const huge = ones.map((unit) => unit * 1e20);
    const { distance, gradient } = outcome({ kind: "tensorflow" }, huge, huge);
    expect(distance).toBe(1);
    expect(gradient.every((value) => value === 0)).toBe(true);
  });
});
