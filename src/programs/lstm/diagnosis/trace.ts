/** The phases of a training step, in the order in which a first non-finite value is looked for. */
export const PHASES = ["forward", "normalise", "backward", "clip", "update"] as const;
/** One of {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

/** Names of the intermediate tensors of a step, in TensorFlow's or the literature's words. */
export type TensorName =
  // forward, in the order in which an LSTM cell computes them
  | "input" // [rows, inputs of the layer]
  | "kernel" // [inputs + units, 4 units], before the step
  | "bias" // [4 units], before the step
  | "preActivation" // [rows, 4 units]: [x, h] kernel + bias, gate order i, j, f, o
  | "cell" // [rows, units]: c' = f c + i j
  | "hidden" // [rows, units]: h' = o activation(c')
  // normalise
  | "target" // [rows, units]
  | "targetSumOfSquares" // [rows, 1], where the normalisation takes one
  | "outputSumOfSquares" // [rows, 1], likewise
  | "normalisedTarget" // [rows, units]
  | "normalisedOutput" // [rows, units]
  | "regulariser" // scalar
  | "loss" // scalar
  // backward
  | "outputGradient" // [rows, units]: d loss / d output of the top layer
  | "hiddenGradient" // [rows, units]
  | "cellGradient" // [rows, units]
  | "preActivationGradient" // [rows, 4 units]
  | "kernelGradient" // [inputs + units, 4 units]
  | "biasGradient" // [4 units]
  // clip and update
  | "gradientNorm" // scalar
  | "clippedKernelGradient"
  | "clippedBiasGradient"
  | "kernelFirstMoment"
  | "biasFirstMoment"
  | "kernelSecondMoment"
  | "biasSecondMoment"
  | "updatedKernel"
  | "updatedBias";

/** One intermediate tensor, [rows, columns], row-major. */
export interface TraceTensor {
  name: TensorName;
  columns: number;
  values: Float32Array;
}

/**
 * The tensors that one layer makes at one timestep of one phase. Groups arrive in canonical
 * order: phase, then timestep (ascending in forward and normalise, descending in backward), then
 * layer (likewise). What a phase makes once and not at every timestep comes with timestep null:
 * before the timesteps in forward (weights), after them elsewhere (regulariser and loss, summed
 * gradients).
 */
export interface TraceGroup {
  phase: Phase;
  timestep: number | null;
  /** Null for what belongs to no layer. */
  layer: number | null;
  tensors: TraceTensor[];
}
