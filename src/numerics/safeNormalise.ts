import * as tf from "@tensorflow/tfjs";
import { NORM_FLOOR } from "./normFloor.ts";

/**
 * x / max(|x|, 1e-6) along one axis, finite with a finite gradient for every finite x.
 *
 * Why not the obvious formulas, for x = 0, a denormal, and 1e20 in turn:
 * - x / |x|: 0/0; |x|^2 underflows to 0, so x/0; |x|^2 overflows, so the result is 0.
 * - x / (|x| + eps): finite at 0, but d|x|/dx = x/|x| there is 0/0 in the gradient; overflows alike.
 * - x * rsqrt(max(sum x^2, 1e-12)) (tf.nn.l2_normalize): finite at 0; at 1e20 the sum is Infinity,
 *   the result 0 and the gradient Infinity * 0.
 * - x / max(|x|, 1e-6) with a scaled norm s |x/s|: for [3e38, 3e38] the norm 4.2e38 is no float32.
 *
 * So the scale s = max |x_i| and the scaled norm n = |x/s| (1 to sqrt(units)) are kept apart and
 * divided out one after the other: y = (x/s)/n.
 *
 * Gradient, analytic: above the floor (g - y (g.y)) / |x|, again divided by s and then by n;
 * at or below it g / 1e-6. It is at most 1e6 times the upstream gradient.
 *
 * @param x Any shape; a non-finite entry makes a non-finite result, never a hidden one.
 * @param axis The axis to normalise, the last by default.
 */
export function safeNormalise<T extends tf.Tensor>(x: T, axis = -1): T {
  const op = tf.customGrad((input, save) => {
    const saveTensors = save as tf.GradSaveFunc;
    const value = input as tf.Tensor;
    const { scaled, scale, scaledNorm, above } = scaledParts(value, axis);
    const y = tf.where(above, tf.div(scaled, scaledNorm), tf.div(value, NORM_FLOOR));
    saveTensors([y, scale, scaledNorm, above]);
    const gradFunc = (upstream: tf.Tensor, saved: tf.Tensor[]) => {
      const [ySaved, scaleSaved, normSaved, aboveSaved] = saved as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const along = tf.sum(tf.mul(upstream, ySaved), axis, true);
      const across = tf.sub(upstream, tf.mul(ySaved, along));
      return tf.where(
        aboveSaved,
        tf.div(tf.div(across, scaleSaved), normSaved),
        tf.div(upstream, NORM_FLOOR),
      );
    };
    return { value: y, gradFunc };
  });
  return op(x) as T;
}

/** x/s, s, n and whether s n is above the floor; s and n are 1 where they would be 0. */
function scaledParts(x: tf.Tensor, axis: number) {
  const largest = tf.max(tf.abs(x), axis, true);
  const scale = tf.where(tf.equal(largest, 0), tf.onesLike(largest), largest);
  const scaled = tf.div(x, scale);
  const rawNorm = tf.sqrt(tf.sum(tf.square(scaled), axis, true));
  const scaledNorm = tf.where(tf.equal(rawNorm, 0), tf.onesLike(rawNorm), rawNorm);
  // s n may overflow to Infinity, which is above the floor, or underflow to 0, which is below.
  const norm = tf.mul(largest, rawNorm);
  const above = tf.tile(tf.greater(norm, NORM_FLOOR), repeats(x.shape, axis));
  return { scaled, scale, scaledNorm, above };
}

/** Repeats of each axis that make the whole shape again of one whose `axis` has been reduced to 1. */
function repeats(shape: number[], axis: number): number[] {
  const reduced = axis < 0 ? shape.length + axis : axis;
  return shape.map((size, index) => (index === reduced ? size : 1));
}
