import * as tf from "@tensorflow/tfjs";

/**
 * tf.where whose gradient is a select too, as TensorFlow's Select has it: the branch not taken gets
 * 0 and never upstream * 0. tfjs multiplies by the mask, so an upstream Infinity would become NaN.
 * @param mask Boolean, of the shape of `a` and `b`; no gradient flows into it.
 */
export function select(mask: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((...inputs) => {
    const save = inputs[2] as tf.GradSaveFunc;
    save([mask]);
    return {
      value: tf.where(mask, inputs[0] as tf.Tensor, inputs[1] as tf.Tensor),
      gradFunc: (upstream: tf.Tensor, saved: tf.Tensor[]) => {
        const kept = saved[0] as tf.Tensor;
        const zeros = tf.zerosLike(upstream);
        return [tf.where(kept, upstream, zeros), tf.where(kept, zeros, upstream)];
      },
    };
  });
  return op(a, b);
}

/**
 * Clamps to [-limit, limit]; the gradient is 0 outside and goes through at NaN (tf.clip_by_value). NaN stays NaN, which
 * tfjs-wasm's own clipByValue turns into -limit: a clamp must not hide an overflow.
 */
export function clamp(x: tf.Tensor, limit: number): tf.Tensor {
  const op = tf.customGrad((...inputs) => {
    const value = inputs[0] as tf.Tensor;
    const save = inputs[1] as tf.GradSaveFunc;
    save([value]);
    return {
      value: tf.minimum(tf.maximum(value, -limit), limit),
      gradFunc: (upstream: tf.Tensor, saved: tf.Tensor[]) =>
        tf.where(tf.greater(tf.abs(saved[0] as tf.Tensor), limit), tf.zerosLike(upstream), upstream),
    };
  });
  return op(x);
}

/** x itself, its gradient held in [-limit, limit]; NaN stays NaN. */
export function clipGradient(x: tf.Tensor, limit: number): tf.Tensor {
  const op = tf.customGrad((...inputs) => ({
    value: tf.clone(inputs[0] as tf.Tensor),
    gradFunc: (upstream: tf.Tensor) => tf.minimum(tf.maximum(upstream, -limit), limit),
  }));
  return op(x);
}

/**
 * 1/sqrt(x) with TensorFlow's gradient, -upstream y^3 / 2 (RsqrtGrad). tfjs divides by x^1.5
 * instead, which overflows where y^3 underflows.
 */
export function rsqrt(x: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((...inputs) => {
    const y = tf.rsqrt(inputs[0] as tf.Tensor);
    const save = inputs[1] as tf.GradSaveFunc;
    save([y]);
    return {
      value: y,
      gradFunc: (upstream: tf.Tensor, saved: tf.Tensor[]) => {
        const ySaved = saved[0] as tf.Tensor;
        return tf.mul(tf.mul(tf.mul(upstream, ySaved), tf.square(ySaved)), -0.5);
      },
    };
  });
  return op(x);
}
