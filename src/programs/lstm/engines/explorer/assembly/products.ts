/**
 * The products as native code (../native/products.c), where the machine has them, and what is done to all parameters of a layer. The
 * same bits; each call says which rows and which panels, and where they lie the host has said before (../products/table.ts).
 */
import { settledSquares } from "./measure";
import { Layer, Plan } from "./plan";

/**
 * The smallest product that is worth the call, in multiplications and additions of eight lanes: a call takes some 30 ns, and what
 * it saves is 0.3 ns for each of them.
 */
const LEAST: i32 = 128;

/** Whether a product of that size is to be computed natively. */
@inline
export function isNative(plan: Plan, rows: i32, depth: i32, panels: i32): bool {
  return plan.native && rows * depth * panels >= LEAST;
}

/** Whether what is done to all parameters of a layer is to be done natively. */
@inline
export function areNative(plan: Plan, layer: Layer): bool {
  return isNative(plan, layer.weightRows, 1, layer.unitPanels << 2);
}

/** Which of the two copies of the weights is the present one, by where they lie: 0 or 1. */
@inline
export function copyOf(layer: Layer): i32 {
  return layer.weights > layer.nextWeights ? 1 : 0;
}

/** Bytes of the native measures in front of the sums of squares: eight lanes of bits of weights, and eight of moments. */
const MAXIMA_BYTES: i32 = 64;

/** The sum of squares of a panel at `at`, as native code measured it. */
export function measuredSquares(plan: Plan, panel: i32, at: usize, bytes: i32): f64 {
  return settledSquares(load<f64>(plan.measures + (panel << 3), MAXIMA_BYTES), at, bytes);
}

/** The four lanes of bits of the largest weight that native code measured; those of the largest moment with `moments`. */
export function measuredMaxima(plan: Plan, moments: bool): v128 {
  const at = plan.measures + (moments ? 32 : 0);
  return i32x4.max_u(v128.load(at), v128.load(at, 16));
}

/** z = x Wx + b, where `copy` says which copy of the weights. */
@external("products", "input")
export declare function nativeInput(layer: i32, first: i32, rows: i32, copy: i32): void;

/** z += h Wh. */
@external("products", "recurrent")
export declare function nativeRecurrent(layer: i32, first: i32, rows: i32, copy: i32): void;

/** dx = dz Wx^T. */
@external("products", "inputGradient")
export declare function nativeInputGradient(layer: i32, first: i32, rows: i32): void;

/** dh = dz Wh^T for the rows whose first rank is `rank`, on top of the carry where `add`. */
@external("products", "hiddenGradient")
export declare function nativeHiddenGradient(layer: i32, first: i32, rows: i32, rank: i32, add: i32): void;

/** The kernel transposed, the panels of x only `withInputs`. */
@external("products", "transpose")
export declare function nativeTranspose(layer: i32, copy: i32, withInputs: i32): void;

/** Weights and moments after the step, with their measures. */
@external("products", "update")
export declare function nativeUpdate(layer: i32, copy: i32, optimizer: i32): void;

/**
 * dW of some panels; `skipped` rows of timestep 0 may be left out where every dz is finite. With `measured` the panels are masked then,
 * and their squares summed.
 */
@external("products", "weightGradient")
export declare function nativeWeightGradient(
  layer: i32,
  first: i32,
  rows: i32,
  panel: i32,
  panels: i32,
  skipped: i32,
  measured: i32,
): void;
