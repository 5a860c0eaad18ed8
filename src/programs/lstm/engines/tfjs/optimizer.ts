import * as tf from "@tensorflow/tfjs";
import { clipBySafeGlobalNorm } from "../../../../numerics/safeGlobalNorm.ts";
import type { OptimizerSpec } from "../../cases/schema.ts";

/** A weight tensor with Adam's moments; zero tensors of the same shape where there are none. */
export interface Slot {
  weight: tf.Tensor;
  firstMoment: tf.Tensor;
  secondMoment: tf.Tensor;
}

/** The gradients that the optimizer is given. New tensors, also where nothing is clipped. */
export function clipGradients(spec: OptimizerSpec["clip"], gradients: tf.Tensor[]): tf.Tensor[] {
  switch (spec.kind) {
    case "none":
      return gradients.map((g) => tf.clone(g));
    case "globalNorm":
      return clipByGlobalNorm(gradients, spec.limit);
    case "safeGlobalNorm":
      return clipBySafeGlobalNorm(gradients, spec.limit);
    case "value":
      return gradients.map((g) => tf.minimum(tf.maximum(g, -spec.limit), spec.limit));
  }
}

/** The norm that tf.clip_by_global_norm divides by: sqrt of a float32 sum of squares, so Infinity from 1.84e19 on. */
export function tensorflowGlobalNorm(gradients: tf.Tensor[]): tf.Scalar {
  const halves = gradients.map((g) => tf.mul(tf.sum(tf.square(g)), 0.5));
  return tf.sqrt(tf.mul(tf.addN(halves), 2)) as tf.Scalar;
}

/**
 * tf.clip_by_global_norm: gradients * limit * min(1 / norm, 1 / limit), and NaN for every entry
 * when the norm is not finite.
 */
function clipByGlobalNorm(gradients: tf.Tensor[], limit: number): tf.Tensor[] {
  const norm = tensorflowGlobalNorm(gradients).dataSync()[0] as number;
  const inverse = Math.min(Math.fround(1 / norm), Math.fround(1 / limit));
  const scale = Number.isFinite(norm) ? Math.fround(Math.fround(limit) * inverse) : Number.NaN;
  return gradients.map((g) => tf.mul(g, scale));
}

/** b1^t and b2^t. */
export interface BetaPowers {
  beta1: number;
  beta2: number;
}

/** The powers one step on, as TensorFlow keeps them: a float32 multiplied at every step, not Math.pow. */
export function nextPowers(spec: OptimizerSpec, powers: BetaPowers): BetaPowers {
  if (spec.kind === "sgd") return powers;
  return {
    beta1: Math.fround(powers.beta1 * Math.fround(spec.beta1)),
    beta2: Math.fround(powers.beta2 * Math.fround(spec.beta2)),
  };
}

/**
 * The powers after t steps. Each stops changing among the smallest float32s, where a product rounds to itself, and the
 * loop ends there: at 0 for a decay of 1/2 or less, else at the largest multiple k of 2^-149 of which a step takes less
 * than half a unit, (1 - b) k < 1/2. That is 4 for 0.9, and 500 for 0.999.
 */
export function betaPowers(spec: OptimizerSpec, t: number): BetaPowers {
  let powers = { beta1: 1, beta2: 1 };
  for (let k = 0; k < t; k++) {
    const next = nextPowers(spec, powers);
    if (next.beta1 === powers.beta1 && next.beta2 === powers.beta2) break;
    powers = next;
  }
  return powers;
}

/**
 * One update of one weight tensor.
 *
 * - sgd (tf.train.GradientDescentOptimizer): w -= lr g.
 * - adam, tf1 (tf.train.AdamOptimizer, Kingma & Ba 2015 with epsilon-hat): m += (g - m)(1 - b1),
 *   v += (g^2 - v)(1 - b2), w -= lr sqrt(1 - b2^t)/(1 - b1^t) m / (sqrt(v) + epsilon). When g^2
 *   overflows v is Infinity, and one step later Infinity - Infinity is NaN.
 * - adam, tfjs (tf.AdamOptimizer): m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2,
 *   w -= lr (m/(1 - b1^t)) / (sqrt(v/(1 - b2^t)) + epsilon). An overflowed v freezes w for ever.
 *
 * @param powers b1^t and b2^t after this step.
 */
export function update(spec: OptimizerSpec, slot: Slot, g: tf.Tensor, powers: BetaPowers): Slot {
  const f = Math.fround;
  const rate = f(spec.learningRate);
  if (spec.kind === "sgd")
    return {
      weight: tf.sub(slot.weight, tf.mul(g, rate)),
      firstMoment: tf.clone(slot.firstMoment),
      secondMoment: tf.clone(slot.secondMoment),
    };
  const keep1 = f(spec.beta1);
  const keep2 = f(spec.beta2);
  const take1 = f(1 - keep1);
  const take2 = f(1 - keep2);
  const square = tf.square(g);
  if (spec.form === "tf1") {
    const firstMoment = tf.add(slot.firstMoment, tf.mul(tf.sub(g, slot.firstMoment), take1));
    const secondMoment = tf.add(slot.secondMoment, tf.mul(tf.sub(square, slot.secondMoment), take2));
    const corrected = f(f(rate * f(Math.sqrt(f(1 - powers.beta2)))) / f(1 - powers.beta1));
    const weight = tf.sub(
      slot.weight,
      tf.div(tf.mul(firstMoment, corrected), tf.add(tf.sqrt(secondMoment), spec.epsilon)),
    );
    return { weight, firstMoment, secondMoment };
  }
  const firstMoment = tf.add(tf.mul(slot.firstMoment, keep1), tf.mul(g, take1));
  const secondMoment = tf.add(tf.mul(slot.secondMoment, keep2), tf.mul(square, take2));
  const mean = tf.div(firstMoment, f(1 - powers.beta1));
  const spread = tf.sqrt(tf.div(secondMoment, f(1 - powers.beta2)));
  const weight = tf.add(slot.weight, tf.mul(tf.div(mean, tf.add(spread, spec.epsilon)), -rate));
  return { weight, firstMoment, secondMoment };
}
