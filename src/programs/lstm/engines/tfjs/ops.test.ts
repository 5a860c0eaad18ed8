import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { loadBackend } from "./backend.ts";
import { clamp, rsqrt, select } from "./ops.ts";
import { BACKENDS, LEFT_OUT } from "./testing/backends.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

/** Gradient of `op` at x for the upstream gradient given. */
function gradient(op: (x: tf.Tensor) => tf.Tensor, x: number[], upstream: number[]): number[] {
  return tf.tidy(() => values(tf.grad(op)(tf.tensor1d(x), tf.tensor1d(upstream))));
}

it.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("operations on %s", (backend) => {
  beforeAll(async () => {
    await loadBackend(backend);
  });

  it("select takes a value whatever the other branch holds", () => {
    const mask = tf.tensor1d([1, 0, 1, 0], "bool");
    expect(values(select(mask, tf.tensor1d([1, nan, inf, inf]), tf.tensor1d([nan, 2, -inf, nan])))).toEqual([
      1,
      2,
      inf,
      nan,
    ]);
  });

  it("select gives the branch not taken a gradient of 0 though the upstream one is Infinity or NaN", () => {
    const mask = tf.tensor1d([1, 1, 0, 0, 0], "bool");
    const other = tf.zeros([5]);
    const upstream = [3, inf, inf, nan, 4];
    const x = [1, 2, 3, 4, 5];
    expect(gradient((v) => select(mask, v, other), x, upstream)).toEqual([3, inf, 0, 0, 0]);
    expect(gradient((v) => select(mask, other, v), x, upstream)).toEqual([0, 0, inf, nan, 4]);
  });

  it("clamp keeps NaN and clamps Infinity", () => {
    expect(values(clamp(tf.tensor1d([nan, inf, -inf, 3, -7, 5]), 5))).toEqual([nan, 5, -5, 3, -5, 5]);
  });

  it("clamp's gradient is 0 outside, whole at the limit and at NaN, and never upstream * 0", () => {
    expect(gradient((v) => clamp(v, 5), [6, 5, -6, 1, nan, inf], [inf, 2, nan, 3, 7, 1])).toEqual([
      0, 2, 0, 3, 7, 0,
    ]);
  });

  it("rsqrt has TensorFlow's gradient, finite where x^1.5 overflows", () => {
    const x = [4, 1e30, 1e-12];
    const actual = gradient(rsqrt, x, [1, 1, 1]);
    expect(actual[0]).toBeCloseTo(-0.0625, 7);
    expect(actual[1]).toBeCloseTo(0, 40);
    expect((actual[2] as number) / -5e17).toBeCloseTo(1, 5);
  });

  it("rsqrt is 0 with gradient 0 at Infinity, and keeps NaN", () => {
    expect(values(rsqrt(tf.tensor1d([inf, nan, 0])))).toEqual([0, nan, inf]);
    expect(gradient(rsqrt, [inf, nan], [1, 1])).toEqual([-0, nan]);
  });

  it("activations and extrema keep NaN, and saturate exactly at Infinity", () => {
    const x = tf.tensor1d([nan, inf, -inf]);
    expect(values(tf.relu(x))).toEqual([nan, inf, 0]);
    expect(values(tf.sigmoid(x))).toEqual([nan, 1, 0]);
    expect(values(tf.tanh(x))).toEqual([nan, 1, -1]);
    expect(values(tf.minimum(tf.maximum(x, -2), 2))).toEqual([nan, 2, -2]);
  });
});

describe("why clamp is not tf.clipByValue", () => {
  it("tfjs-wasm's makes -limit of NaN", async () => {
    await loadBackend("wasm");
    expect(values(tf.clipByValue(tf.tensor1d([nan, 1]), -5, 5))).toEqual([-5, 1]);
  });
});
