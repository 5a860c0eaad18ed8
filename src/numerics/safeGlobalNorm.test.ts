import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { loadBackend } from "../programs/lstm/engines/tfjs/backend.ts";
import { BACKENDS, LEFT_OUT } from "../programs/lstm/engines/tfjs/testing/backends.ts";
import { clipBySafeGlobalNorm, safeGlobalNorm } from "./safeGlobalNorm.ts";

const value = (...lists: number[][]) =>
  tf.tidy(() => safeGlobalNorm(lists.map((x) => tf.tensor1d(x))).dataSync()[0] as number);
const clipped = (limit: number, ...lists: number[][]) =>
  tf.tidy(() =>
    clipBySafeGlobalNorm(
      lists.map((x) => tf.tensor1d(x)),
      limit,
    ).map((x) => [...x.dataSync()]),
  );

it.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("safeGlobalNorm on %s", (backend) => {
  beforeAll(async () => {
    await loadBackend(backend);
  });

  it("is finite wherever the norm is a float32", () => {
    expect(value([3], [4])).toBeCloseTo(5, 6);
    expect(value([3e30], [4e30]) / 5e30).toBeCloseTo(1, 6);
    expect(value([3e-30], [4e-30]) / 5e-30).toBeCloseTo(1, 6);
    expect(value([0, 0], [0])).toBe(0);
    expect(value([1, Number.NaN])).toBeNaN();
  });

  it("has the gradient x / |x|, and 0 at 0", () => {
    const gradient = (x: number[]) =>
      tf.tidy(() => [
        ...tf
          .grad((v) => safeGlobalNorm([v]))(tf.tensor1d(x))
          .dataSync(),
      ]);
    for (const scale of [1, 1e30, 1e-30]) {
      const [a, b] = gradient([3 * scale, 4 * scale]) as [number, number];
      expect(a).toBeCloseTo(0.6, 6);
      expect(b).toBeCloseTo(0.8, 6);
    }
    expect(gradient([0, 0])).toEqual([0, 0]);
  });

  it("clips to the limit, also where the norm itself is no float32", () => {
    const [first, second] = clipped(1, [3e38, 3e38], [3e38]) as [number[], number[]];
    expect(Math.hypot(...first, ...second)).toBeCloseTo(1, 5);
    expect(clipped(10, [3], [4])).toEqual([[3], [4]]);
    expect(
      clipped(5e-31, [3e-31], [4e-31])
        .flat()
        .map((x) => x / 1e-31),
    ).toEqual([expect.closeTo(3, 4), expect.closeTo(4, 4)]);
  });

  it("turns everything into NaN when an entry is not finite", () => {
    expect(clipped(1, [1, Infinity], [2])).toEqual([[Number.NaN, Number.NaN], [Number.NaN]]);
    expect(clipped(1, [Number.NaN], [2])).toEqual([[Number.NaN], [Number.NaN]]);
  });
});
