import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type BackendName, loadBackend } from "../programs/lstm/engines/tfjs/backend.ts";
import { BACKENDS, LEFT_OUT } from "../programs/lstm/engines/tfjs/testing/backends.ts";
import { NORM_FLOOR } from "./normFloor.ts";
import { safeNormalise } from "./safeNormalise.ts";

const UPSTREAM = [0.3, -0.7, 0.2];

/** Value and gradient (for upstream UPSTREAM) of one vector of three. */
function run(x: number[]): { y: number[]; g: number[] } {
  return tf.tidy(() => {
    const input = tf.tensor2d(x, [1, x.length]);
    const upstream = tf.tensor2d(UPSTREAM, [1, 3]);
    const f = (v: tf.Tensor) => tf.sum(tf.mul(safeNormalise(v), upstream)) as tf.Scalar;
    return { y: [...safeNormalise(input).dataSync()], g: [...tf.grad(f)(input).dataSync()] };
  });
}

/** The same in float64, where no float32 overflows or underflows. */
function twin(x: number[]): { y: number[]; g: number[] } {
  const length = Math.hypot(...x);
  if (length <= NORM_FLOOR)
    return { y: x.map((v) => v / NORM_FLOOR), g: UPSTREAM.map((v) => v / NORM_FLOOR) };
  const y = x.map((v) => v / length);
  const along = y.reduce((sum, v, i) => sum + v * (UPSTREAM[i] as number), 0);
  return { y, g: UPSTREAM.map((v, i) => (v - (y[i] as number) * along) / length) };
}

const vectors: [string, number[]][] = [
  ["zero", [0, 0, 0]],
  ["denormal", [1e-45, -3e-45, 1e-40]],
  ["below the floor", [3e-7, -4e-7, 1e-7]],
  ["just above the floor", [6e-7, 9e-7, 2e-7]],
  ["ordinary", [0.3, -0.4, 1.2]],
  ["1e20, whose squares overflow", [1e20, -2e20, 5e19]],
  ["[3e38, 3e38], whose norm is no float32", [3e38, 3e38, -3e38]],
  ["of mixed magnitudes", [1e-30, 1e10, -1e30]],
];

/** The smallest numbers that an engine tells from 0: TensorFlow's own kernels flush denormals. */
const SMALLEST: Readonly<Record<BackendName, number>> = { cpu: 1e-45, wasm: 1e-45, node: 1.2e-38 };

it.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("safeNormalise on %s", (backend) => {
  beforeAll(async () => {
    await loadBackend(backend);
  });

  it.each(vectors)("is right for a vector that is %s", (_, x) => {
    const float32 = x.map(Math.fround);
    const actual = run(float32);
    const expected = twin(float32);
    const scale = Math.max(...expected.g.map(Math.abs));
    for (let i = 0; i < 3; i++) {
      expect(Math.abs((actual.y[i] as number) - (expected.y[i] as number))).toBeLessThanOrEqual(1e-6);
      expect(Math.abs((actual.g[i] as number) - (expected.g[i] as number))).toBeLessThanOrEqual(
        2e-6 * scale + SMALLEST[backend],
      );
    }
  });

  it("has a finite value within the unit ball and a gradient of at most 1e6 times the upstream one, for any vector", () => {
    const entry = fc.oneof(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, 1e-45, 3.4e38, -3.4e38),
    );
    fc.assert(
      fc.property(fc.tuple(entry, entry, entry), (x) => {
        const { y, g } = run(x.map(Math.fround));
        expect(Math.hypot(...y)).toBeLessThanOrEqual(1 + 1e-6);
        expect(Math.hypot(...g)).toBeLessThanOrEqual(1e6 * (1 + 1e-5) * Math.hypot(...UPSTREAM));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it("hides nothing: a non-finite entry makes a non-finite result", () => {
    for (const bad of [Number.NaN, Infinity, -Infinity])
      expect(run([1, bad, 2]).y.every(Number.isFinite)).toBe(false);
  });

  it("normalises along a middle axis too", () => {
    const y = tf.tidy(() => [...safeNormalise(tf.tensor3d([3, 0, 4, 5], [1, 2, 2]), 1).dataSync()]);
    [3 / 5, 0, 4 / 5, 1].forEach((value, i) => {
      expect(y[i]).toBeCloseTo(value, 6);
    });
  });
});
