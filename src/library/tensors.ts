import * as tf from "@tensorflow/tfjs";
import * as z from "zod";
import { UsageError } from "../documents/errors.ts";
import { clipBySafeGlobalNorm as clip, safeGlobalNorm as norm } from "../numerics/safeGlobalNorm.ts";
import { safeNormalise as normalise } from "../numerics/safeNormalise.ts";
import { checked, thing } from "./check.ts";

/**
 * A tensor of tensorflow.js, told by its shape alone: whose program does not use it needs none of its types. What is handed in
 * comes out as the same type.
 */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly rank: number;
  readonly dtype: string;
}

const tensor = thing<tf.Tensor>((value) => value instanceof tf.Tensor, "a tensor of tfjs");
const limits = z.number().gt(0);
const tensors = z.array(tensor).min(1, { message: "give at least one tensor" });

/**
 * Global 2-norm of a list of tensors (tf.linalg.global_norm) without overflow or underflow of the
 * squares: s |x/s| with s = max |x_i|. The obvious sqrt(sum of squares) is Infinity from 1.84e19
 * on, and TensorFlow's clip_by_global_norm then turns every gradient into NaN.
 *
 * Gradient, analytic: x / |x|, divided by s and then by the scaled norm; 0 where all is 0.
 *
 * @returns A scalar; Infinity where the norm itself is no float32, NaN where an entry is NaN.
 */
export function safeGlobalNorm<T extends TensorLike>(values: readonly T[]): T {
  return norm(checked(tensors, values, "tensors")) as unknown as T;
}

/**
 * Clips a list of gradients to a global norm as tf.clip_by_global_norm does, but with the scale and
 * the scaled norm kept apart: (g/s) (limit/n) where s n > limit, g elsewhere. A gradient of 3e38
 * comes out with norm `limit`. An entry that is not finite makes every entry NaN: it is not hidden.
 */
export function clipBySafeGlobalNorm<T extends TensorLike>(values: readonly T[], limit: number): T[] {
  const clipped = clip(checked(tensors, values, "tensors"), checked(limits, limit, "limit"));
  return clipped as unknown as T[];
}

/**
 * x / max(|x|, 1e-6) along one axis, finite with a finite gradient for every finite x. The docstring of
 * `numerics/safeNormalise.ts` says why each obvious formula fails.
 *
 * @param x Any shape; a non-finite entry makes a non-finite result, never a hidden one.
 * @param axis The axis to normalise, the last by default.
 */
export function safeNormalise<T extends TensorLike>(x: T, axis = -1): T {
  const given = checked(tensor, x, "x");
  const { rank } = given;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw new UsageError(
      "NANPROOF_E_ARGUMENT",
      `axis is ${String(axis)}: give a whole number, ${-rank} to ${rank - 1}, of the ${rank} axes of x`,
      "-1 is the last axis",
    );
  return normalise(given, axis) as unknown as T;
}
