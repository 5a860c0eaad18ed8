import { UsageError } from "../../../documents/errors.ts";
import type { Engine, Optimizer, Tensor, Variable } from "./types.ts";

/**
 * The engine that the person's tensorflow.js computes on. Every copy of the package in a process shares it, so no copy
 * has to be found or loaded.
 * @throws UsageError when no tensorflow.js is loaded.
 */
export function engine(): Engine {
  const found = loadedEngine();
  if (found !== null) return found;
  throw new UsageError(
    "NANPROOF_E_NO_TENSORFLOW",
    "watch was called before any tensorflow.js was loaded",
    'Import "@tensorflow/tfjs" in the file that trains.',
  );
}

/** The engine, or null as long as no tensorflow.js is loaded. */
export function loadedEngine(): Engine | null {
  return (globalThis as { _tfengine?: Engine })._tfengine ?? null;
}

/** True of a tensor of tensorflow.js. */
export function isTensor(value: unknown): value is Tensor {
  const { dataId, shape, dtype } = (value ?? {}) as Partial<Tensor>;
  return (
    typeof value === "object" && Array.isArray(shape) && typeof dtype === "string" && dataId !== undefined
  );
}

/** True of a variable of tensorflow.js. */
export function isVariable(value: unknown): value is Variable {
  return isTensor(value) && typeof (value as Partial<Variable>).assign === "function";
}

/** True of an optimizer of tensorflow.js. */
export function isOptimizer(value: unknown): value is Optimizer {
  const { applyGradients, minimize } = (value ?? {}) as Partial<Optimizer>;
  return typeof applyGradients === "function" && typeof minimize === "function";
}

/**
 * A second hold on a tensor's contents, which stays when the tensor is disposed of or a variable gets others. Nothing is
 * copied. It outlives every tidy, and is the caller's to dispose of.
 */
export function hold(tensor: Tensor): Tensor {
  const tf = engine();
  return tf.keep(tf.runKernel("Identity", { x: tensor }));
}
