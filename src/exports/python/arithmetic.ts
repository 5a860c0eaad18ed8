/** The functions of a library for Python; each gives the text of an expression. */
export interface Arithmetic {
  square(x: string): string;
  sqrt(x: string): string;
  rsqrt(x: string): string;
  abs(x: string): string;
  sum(x: string, axis?: number): string;
  /** The sum of squares along the last axis, which stays with one entry; likewise the largest entry. */
  squaresKept(x: string): string;
  maxKept(x: string): string;
  max(x: string): string;
  mean(x: string): string;
  atLeast(x: string, bound: string): string;
  clip(x: string, limit: string): string;
  where(mask: string, yes: string, no: string): string;
  /** The numbers from 0 on. */
  range(count: string): string;
  /** True where every entry is finite. */
  isFinite(x: string): string;
  /** The value without its gradient. */
  constant(x: string): string;
}

function arrays(library: "np" | "jnp"): Arithmetic {
  return {
    square: (x) => `${library}.square(${x})`,
    sqrt: (x) => `${library}.sqrt(${x})`,
    rsqrt: (x) => (library === "np" ? `1 / np.sqrt(${x})` : `jax.lax.rsqrt(${x})`),
    abs: (x) => `${library}.abs(${x})`,
    sum: (x, axis) => `${library}.sum(${x}${axis === undefined ? "" : `, ${axis}`})`,
    squaresKept: (x) => `${library}.sum(${library}.square(${x}), -1, keepdims=True)`,
    maxKept: (x) => `${library}.max(${x}, -1, keepdims=True)`,
    max: (x) => `${library}.max(${x})`,
    mean: (x) => `${library}.mean(${x})`,
    atLeast: (x, bound) => `${library}.maximum(${x}, ${bound})`,
    clip: (x, limit) => `${library}.clip(${x}, -${limit}, ${limit})`,
    where: (mask, yes, no) => `${library}.where(${mask}, ${yes}, ${no})`,
    range: (count) => `${library}.arange(${count})`,
    isFinite: (x) => `np.isfinite(${x}).all()`,
    constant: (x) => (library === "np" ? x : `jax.lax.stop_gradient(${x})`),
  };
}

/** numpy. */
export const numpyArithmetic = arrays("np");
/** jax.numpy. */
export const jaxArithmetic = arrays("jnp");

/** PyTorch. */
export const torchArithmetic: Arithmetic = {
  square: (x) => `torch.square(${x})`,
  sqrt: (x) => `torch.sqrt(${x})`,
  rsqrt: (x) => `${x}.rsqrt()`,
  abs: (x) => `torch.abs(${x})`,
  sum: (x, axis) => `torch.sum(${x}${axis === undefined ? "" : `, ${axis}`})`,
  squaresKept: (x) => `torch.square(${x}).sum(-1, keepdim=True)`,
  maxKept: (x) => `torch.amax(${x}, -1, keepdim=True)`,
  max: (x) => `torch.max(${x})`,
  mean: (x) => `torch.mean(${x})`,
  atLeast: (x, bound) => `${x}.clamp(min=${bound})`,
  clip: (x, limit) => `torch.clamp(${x}, -${limit}, ${limit})`,
  where: (mask, yes, no) => `torch.where(${mask}, ${yes}, ${no})`,
  range: (count) => `torch.arange(${count})`,
  isFinite: (x) => `torch.isfinite(${x}).all()`,
  constant: (x) => `${x}.detach()`,
};

/** TensorFlow. */
export const tensorflowArithmetic: Arithmetic = {
  square: (x) => `tf.square(${x})`,
  sqrt: (x) => `tf.sqrt(${x})`,
  rsqrt: (x) => `tf.math.rsqrt(${x})`,
  abs: (x) => `tf.abs(${x})`,
  sum: (x, axis) => `tf.reduce_sum(${x}${axis === undefined ? "" : `, ${axis}`})`,
  squaresKept: (x) => `tf.reduce_sum(tf.square(${x}), -1, keepdims=True)`,
  maxKept: (x) => `tf.reduce_max(${x}, -1, keepdims=True)`,
  max: (x) => `tf.reduce_max(${x})`,
  mean: (x) => `tf.reduce_mean(${x})`,
  atLeast: (x, bound) => `tf.maximum(${x}, ${bound})`,
  clip: (x, limit) => `tf.clip_by_value(${x}, -${limit}, ${limit})`,
  where: (mask, yes, no) => `tf.where_v2(${mask}, ${yes}, ${no})`,
  range: (count) => `np.arange(${count})`,
  isFinite: (x) => `np.isfinite(${x}).all()`,
  constant: (x) => `tf.stop_gradient(${x})`,
};

/** keras.ops. */
export const kerasArithmetic: Arithmetic = {
  square: (x) => `ops.square(${x})`,
  sqrt: (x) => `ops.sqrt(${x})`,
  rsqrt: (x) => `ops.rsqrt(${x})`,
  abs: (x) => `ops.abs(${x})`,
  sum: (x, axis) => `ops.sum(${x}${axis === undefined ? "" : `, ${axis}`})`,
  squaresKept: (x) => `ops.sum(ops.square(${x}), -1, keepdims=True)`,
  maxKept: (x) => `ops.max(${x}, -1, keepdims=True)`,
  max: (x) => `ops.max(${x})`,
  mean: (x) => `ops.mean(${x})`,
  atLeast: (x, bound) => `ops.maximum(${x}, ${bound})`,
  clip: (x, limit) => `ops.clip(${x}, -${limit}, ${limit})`,
  where: (mask, yes, no) => `ops.where(${mask}, ${yes}, ${no})`,
  range: (count) => `np.arange(${count})`,
  isFinite: (x) => `np.isfinite(${x}).all()`,
  constant: (x) => `ops.stop_gradient(${x})`,
};
