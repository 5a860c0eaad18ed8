import * as tf from "@tensorflow/tfjs";
import { safeNormalise } from "../../../../numerics/safeNormalise.ts";
import { parameterArrays } from "../../cases/parameters.ts";
import type { LossSpec } from "../../cases/schema.ts";
import type { LayerTensors } from "./network.ts";
import { rsqrt, select } from "./ops.ts";

/**
 * Unit vectors along the last axis (embedding), in the form the case names: `tensorflow` is
 * tf.nn.l2_normalize, x rsqrt(max(sum x^2, 1e-12)).
 */
export function normalise(spec: LossSpec["normalise"], x: tf.Tensor3D): tf.Tensor3D {
  const sumOfSquares = () => tf.sum(tf.square(x), -1, true);
  switch (spec.kind) {
    case "tensorflow":
      return tf.mul(x, rsqrt(tf.maximum(sumOfSquares(), 1e-12)));
    case "naive":
      return tf.div(x, tf.sqrt(sumOfSquares()));
    case "epsilon":
      return tf.div(x, tf.add(tf.sqrt(sumOfSquares()), spec.epsilon));
    case "safe":
      return safeNormalise(x);
  }
}

/**
 * tf.losses.cosine_distance of unit vectors: 1 - sum(target * output) along `axis`, then the mean.
 * Axis embedding gives one distance for each row and timestep, axis time one for each row and unit.
 *
 * Padding `counted`: the mean is over all of them. `masked`: timesteps past a row's end add nothing
 * to a sum, distances that lie wholly in padding are left out, and the sum is divided by
 * max(count, 1).
 *
 * @param target, output Unit vectors [rows, time, units].
 */
export function cosineDistance(
  spec: LossSpec,
  target: tf.Tensor3D,
  output: tf.Tensor3D,
  lengths: Int32Array,
): tf.Scalar {
  const [rows, time, units] = target.shape;
  const axis = spec.axis === "time" ? 1 : 2;
  if (spec.padding === "counted") {
    const distances = tf.sub(1, tf.sum(tf.mul(target, output), axis));
    return tf.div(tf.sum(distances), rows * (axis === 1 ? units : time)) as tf.Scalar;
  }
  const running = Uint8Array.from({ length: rows * time }, (_, i) =>
    (lengths[Math.floor(i / time)] ?? 0) > i % time ? 1 : 0,
  );
  const mask = tf.tensor3d(running, [rows, time, 1], "bool");
  const products = tf.mul(target, output);
  const kept = select(tf.tile(mask, [1, 1, units]), products, tf.zerosLike(products));
  // TensorFlow's Max knows no booleans.
  const ones = tf.cast(mask, "float32");
  const counted = axis === 1 ? tf.max(ones, 1) : tf.squeeze(ones, [2]);
  const distances = tf.mul(tf.sub(1, tf.sum(kept, axis)), counted);
  const count = (axis === 1 ? units : 1) * (tf.sum(counted).dataSync()[0] as number);
  return tf.div(tf.sum(distances), Math.max(count, 1)) as tf.Scalar;
}

/** l2 times the sum of tf.nn.l2_loss (sum v^2 / 2) over kernels and biases. */
export function regulariser(l2: number, layers: LayerTensors[]): tf.Scalar {
  const halves = parameterArrays<tf.Tensor>(layers).map((v) => tf.mul(tf.sum(tf.square(v)), 0.5));
  return tf.mul(tf.addN(halves), l2) as tf.Scalar;
}
