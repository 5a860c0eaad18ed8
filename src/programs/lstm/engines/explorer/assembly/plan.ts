/**
 * What the host tells the kernels: sizes, choices and addresses. The host writes both structs word by
 * word, in this order (../planFields.ts); every field takes four bytes.
 *
 * Layouts in the arena:
 * - A *panel* is 8 columns wide: [rows][8] float32, 32 bytes a row. A matrix is a list of panels.
 *   Columns past the matrix's width ("lanes that pad") hold 0 wherever they are read as data.
 * - *Packed rows*: the rows of a batch sorted by length, longest first (rank 0, 1, ...); timestep t
 *   takes `active[t]` of them, from packed row `offset[t]` on. The first `real[t]` are inside their
 *   rows; the rest are discarded steps of rows that have ended.
 */

/**
 * Whether a step measures itself: maxima, sums of squares, and with them whether all is finite. Never
 * false in the engine; scripts/bench/measurement-cost.ts builds the kernels without, to time what it costs.
 */
export const MEASURED: bool = true;

/** Activation codes, as in ../planFields.ts. */
export const RELU: i32 = 0;
export const TANH: i32 = 1;
export const SIGMOID: i32 = 2;
export const LINEAR: i32 = 3;

/** Codes of the loss's normalisation. */
export const NORMALISE_TENSORFLOW: i32 = 0;
export const NORMALISE_NAIVE: i32 = 1;
export const NORMALISE_EPSILON: i32 = 2;
export const NORMALISE_SAFE: i32 = 3;

/** Codes of the loss's axis. */
export const AXIS_EMBEDDING: i32 = 0;
export const AXIS_TIME: i32 = 1;

/** Codes of the clip. */
export const CLIP_NONE: i32 = 0;
export const CLIP_GLOBAL_NORM: i32 = 1;
export const CLIP_SAFE_GLOBAL_NORM: i32 = 2;
export const CLIP_VALUE: i32 = 3;

/** Codes of the optimizer. */
export const SGD: i32 = 0;
export const ADAM_TF1: i32 = 1;
export const ADAM_TFJS: i32 = 2;

/** One LSTM layer. */
@unmanaged
export class Layer {
  /** Its place in the stack, from 0. */
  index: i32;
  inputs: i32;
  units: i32;
  /** ceil(inputs / 8) and ceil(units / 8). */
  inputPanels: i32;
  unitPanels: i32;
  activation: i32;
  /** Rows of a weight panel: inputs, then units, then the bias. */
  weightRows: i32;
  /** Bytes of a weight panel, 32 weightRows. */
  weightPanel: i32;
  /** Bytes of a panel of the transposed kernel: 32 * 8 * 4 unitPanels. */
  transposedPanel: i32;
  /** [inputPanels] packed; the hidden of the layer below. */
  input: usize;
  /** [unitPanels] packed: h before each step. */
  hiddenPrevious: usize;
  /** [unitPanels] packed: h after each step. */
  hidden: usize;
  /** [4 unitPanels] packed, gate order i, j, f, o: z, then the gates, then dz. */
  gates: usize;
  /** [unitPanels] packed: c after each step, and before it. */
  cell: usize;
  cellPrevious: usize;
  /** [unitPanels] packed: activation(c) in forward, dc in backward. */
  cellActivated: usize;
  /** [unitPanels] packed: the gradient that comes down from above, then dh in all. */
  hiddenGradient: usize;
  /** hiddenGradient of the layer below; 0 in the lowest layer. */
  inputGradient: usize;
  /** [unitPanels][rows][8] by rank: gradients of the state before the step last gone over. */
  hiddenCarry: usize;
  cellCarry: usize;
  /** Parameters, [4 unitPanels][weightRows][8]: before the step, and after it. */
  weights: usize;
  nextWeights: usize;
  firstMoment: usize;
  nextFirstMoment: usize;
  secondMoment: usize;
  nextSecondMoment: usize;
  gradient: usize;
  /** Kernel transposed, [inputPanels + unitPanels][8 * 4 unitPanels][8]. */
  transposed: usize;
  /** [8] lanes of the last unit panel that are units, all bits or none. */
  mask: usize;
  /** 4 u32 lanes each: bits of the largest |c|, |h|, and (4 lanes) |w| after the update. */
  cellMaxima: usize;
  hiddenMaxima: usize;
  weightMaxima: usize;
}

/** One batch, and what to do with it. */
@unmanaged
export class Plan {
  /** Whether products.ts has native products to call. */
  native: i32;
  layerCount: i32;
  /** Address of the first of the layers, which lie in a row. */
  layers: usize;
  rows: i32;
  /** Padded width, and the timesteps that run: min(time, max(1, longest row)). */
  time: i32;
  bound: i32;
  /** Packed rows in all. */
  packed: i32;
  /** Bytes from panel to panel of packed arrays, and of arrays by rank. */
  stride: i32;
  carryStride: i32;
  /** i32 [bound + 1]: packed rows of each timestep. */
  active: usize;
  real: usize;
  offset: usize;
  /** i32 [rows]: the batch's row of each rank, and its length. */
  rowOfRank: usize;
  lengthOfRank: usize;
  /** Inputs [rows, time, inputs] and targets [rows, time, units], row-major. */
  x: usize;
  y: usize;
  /** [8] lanes of the last input panel that are inputs. */
  inputMask: usize;
  /** [8] lanes, all bits. */
  ones: usize;
  /** 128 bytes of 0. */
  zeros: usize;
  /** [top unitPanels] packed: normalised targets. */
  target: usize;
  /** [top unitPanels][rows][8] by rank: sum over time of normalised output * target. */
  dots: usize;
  /** What native code measures: see products.ts. */
  measures: usize;
  /** f64 results, in the order of ../planFields.ts RESULTS; then f64 [layers] of gradient squares. */
  results: usize;
  axis: i32;
  normalise: i32;
  epsilon: f32;
  masked: i32;
  l2: f32;
  forgetBias: f32;
  /** 0 for no cell clip. */
  cellClip: f32;
  /** 0 for no clip of the gradients by pre-activations. */
  gradientClip: f32;
  clip: i32;
  limit: f32;
  optimizer: i32;
  skipNonFinite: i32;
  /** Whether every weight before the step is known to be finite. */
  finiteWeights: i32;
  /** adam tf1: lr sqrt(1 - b2^t) / (1 - b1^t); else the rate itself. */
  rate: f32;
  keep1: f32;
  keep2: f32;
  take1: f32;
  take2: f32;
  /** 1 - b1^t, 1 - b2^t. */
  correction1: f32;
  correction2: f32;
  optimizerEpsilon: f32;
}

/** The layer of an index. */
@inline
export function layerAt(plan: Plan, index: i32): Layer {
  return changetype<Layer>(plan.layers + index * offsetof<Layer>());
}

/** An entry of one of the plan's i32 tables. */
@inline
export function entry(table: usize, index: i32): i32 {
  return load<i32>(table + (index << 2));
}

/** Lanes of unit panel `panel` that are units. */
@inline
export function panelMask(plan: Plan, layer: Layer, panel: i32): usize {
  return panel == layer.unitPanels - 1 ? layer.mask : plan.ones;
}
