/**
 * The products as native code (../native/products.c), where the machine has them. The same bits; each call says which rows and
 * which panels, and where they lie the host has said before (../products/table.ts).
 */
import { Plan } from "./plan";

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

/** dW of some panels; `skipped` rows of timestep 0 may be left out where every dz is finite. */
@external("products", "weightGradient")
export declare function nativeWeightGradient(
  layer: i32,
  first: i32,
  rows: i32,
  panel: i32,
  panels: i32,
  skipped: i32,
): void;
