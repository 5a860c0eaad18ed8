/**
 * What the host calls. `step` is a whole training step; the stages below it are for the trace, which goes
 * through a step one timestep at a time, and for the kernels' own tests.
 */
import { Layer, Plan } from "./plan";

/** First byte that belongs to the arena: static data lies below. */
export function arenaStart(): usize {
  return __heap_base;
}

/** Bytes of the two structs, so that the host can check that it lays them out alike. */
export function layerBytes(): usize {
  return offsetof<Layer>();
}
export function planBytes(): usize {
  return offsetof<Plan>();
}

export { evaluate, gradients, step } from "./step";
export { clip, score, update } from "./step";
export {
  backwardStep,
  clearCarry,
  inputGradient,
  inputProduct,
  recurrentProduct,
  transposeKernel,
} from "./network";
export { clearInitialState, packBatch } from "./pack";
export { cellForward } from "./cellForward";
export { cosineGradient } from "./cosine";
export { weightGradient } from "./weightGradient";
export { dotRow, normaliseGradientRow, normaliseRow } from "./normalise";
export { plainGlobalNorm } from "./clip";
export { product } from "./gemm";
export { activateRun } from "./activations";
export { plainSumOfSquares, sumOfSquares } from "./measure";
