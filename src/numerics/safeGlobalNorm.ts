import * as tf from "@tensorflow/tfjs";

/**
 * Global 2-norm of a list of tensors (tf.linalg.global_norm) without overflow or underflow of the
 * squares: s |x/s| with s = max |x_i|. The obvious sqrt(sum of squares) is Infinity from 1.84e19
 * on, and TensorFlow's clip_by_global_norm then turns every gradient into NaN.
 *
 * Gradient, analytic: x / |x|, divided by s and then by the scaled norm; 0 where all is 0.
 *
 * @returns A scalar; Infinity where the norm itself is no float32, NaN where an entry is NaN.
 */
export function safeGlobalNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  const op = tf.customGrad((...inputs) => {
    const save = inputs.at(-1) as tf.GradSaveFunc;
    const values = inputs.slice(0, -1) as tf.Tensor[];
    const { scale, scaledNorm } = scaleAndNorm(values);
    save([...values, scale, scaledNorm]);
    const gradFunc = (upstream: tf.Tensor, saved: tf.Tensor[]) => {
      const norm = saved.at(-1) as tf.Tensor;
      const divisor = saved.at(-2) as tf.Tensor;
      const safeNorm = tf.where(tf.equal(norm, 0), tf.onesLike(norm), norm);
      return saved.slice(0, -2).map((x) => tf.mul(upstream, tf.div(tf.div(x, divisor), safeNorm)));
    };
    return { value: tf.mul(scale, scaledNorm), gradFunc };
  });
  return op(...tensors) as tf.Scalar;
}

/**
 * Clips a list of gradients to a global norm as tf.clip_by_global_norm does, but with the scale and
 * the scaled norm kept apart: (g/s) (limit/n) where s n > limit, g elsewhere. A gradient of 3e38
 * comes out with norm `limit`. An entry that is not finite makes every entry NaN: it is not hidden.
 */
export function clipBySafeGlobalNorm(tensors: readonly tf.Tensor[], limit: number): tf.Tensor[] {
  return tf.tidy(() => {
    const parts = scaleAndNorm(tensors);
    const scale = parts.scale.dataSync()[0] as number;
    const norm = parts.scaledNorm.dataSync()[0] as number;
    if (!Number.isFinite(scale)) return tensors.map((g) => tf.fill(g.shape, Number.NaN));
    if (scale * norm <= limit) return tensors.map((g) => tf.clone(g));
    return tensors.map((g) => tf.mul(tf.div(g, scale), limit / norm));
  });
}

/** s = max |x_i| over all tensors (1 where that is 0), and |x/s|. */
function scaleAndNorm(tensors: readonly tf.Tensor[]): { scale: tf.Scalar; scaledNorm: tf.Scalar } {
  const largest = tf.max(tf.stack(tensors.map((x) => tf.max(tf.abs(x)))));
  const scale = tf.where(tf.equal(largest, 0), tf.onesLike(largest), largest) as tf.Scalar;
  const squares = tensors.map((x) => tf.sum(tf.square(tf.div(x, scale))));
  return { scale, scaledNorm: tf.sqrt(tf.sum(tf.stack(squares))) as tf.Scalar };
}
