import { cellBackward } from "./cellBackward";
import { cellForward } from "./cellForward";
import { product } from "./gemm";
import { clearInitialState } from "./pack";
import { clearRun } from "./panel";
import { entry, Layer, layerAt, Plan } from "./plan";
import {
  areNative,
  copyOf,
  isNative,
  nativeHiddenGradient,
  nativeInput,
  nativeInputGradient,
  nativeRecurrent,
  nativeTranspose,
} from "./products";
import { transposePanels } from "./transpose";
import { weightGradient } from "./weightGradient";

/** z = x Wx + b for `rows` packed rows from `first` on. */
export function inputProduct(plan: Plan, layer: Layer, first: i32, rows: i32): void {
  if (isNative(plan, rows, layer.inputs, layer.unitPanels << 2))
    return nativeInput(layer.index, first, rows, copyOf(layer));
  const start = <usize>(first << 5);
  product(
    layer.input + start,
    plan.stride,
    rows,
    layer.inputs,
    layer.weights,
    layer.weightPanel,
    layer.gates + start,
    plan.stride,
    layer.unitPanels * 4,
    layer.weights + ((layer.weightRows - 1) << 5),
    layer.weightPanel,
    0,
  );
}

/** z += h Wh at timestep t. */
export function recurrentProduct(plan: Plan, layer: Layer, t: i32): void {
  const first = entry(plan.offset, t);
  const rows = entry(plan.active, t);
  if (isNative(plan, rows, layer.units, layer.unitPanels << 2))
    return nativeRecurrent(layer.index, first, rows, copyOf(layer));
  const start = <usize>(first << 5);
  const gates = layer.gates + start;
  product(
    layer.hiddenPrevious + start,
    plan.stride,
    rows,
    layer.units,
    layer.weights + (layer.inputs << 5),
    layer.weightPanel,
    gates,
    plan.stride,
    layer.unitPanels * 4,
    gates,
    plan.stride,
    32,
  );
}

/**
 * All timesteps of one layer: the input product at once, then timestep by timestep. At timestep 0 h is 0, and
 * its product too, unless a weight is not finite.
 */
function forwardLayer(plan: Plan, layer: Layer): void {
  clearInitialState(plan, layer);
  inputProduct(plan, layer, 0, plan.packed);
  for (let t = 0; t < plan.bound; t++) {
    if (t > 0 || !plan.finiteWeights) recurrentProduct(plan, layer, t);
    cellForward(plan, layer, t);
  }
}

/** The whole stack, layer by layer: the lowest over all its timesteps, then the next. */
export function forward(plan: Plan): void {
  for (let l = 0; l < plan.layerCount; l++) forwardLayer(plan, layerAt(plan, l));
}

/**
 * Repacks a layer's kernel for dx and dh, which need its transpose. The lowest layer needs no dx: its panels of x are left out
 * unless `withInputs`.
 */
export function transposeKernel(plan: Plan, layer: Layer, withInputs: bool): void {
  if (areNative(plan, layer)) return nativeTranspose(layer.index, copyOf(layer), withInputs);
  transposePanels(layer, withInputs);
}

/** dx = dz Wx^T for `rows` packed rows from `first` on: the hidden gradient of the layer below. */
export function inputGradient(plan: Plan, layer: Layer, first: i32, rows: i32): void {
  if (isNative(plan, rows, layer.unitPanels << 5, layer.inputPanels))
    return nativeInputGradient(layer.index, first, rows);
  const start = <usize>(first << 5);
  product(
    layer.gates + start,
    plan.stride,
    rows,
    layer.unitPanels << 5,
    layer.transposed,
    layer.transposedPanel,
    layer.inputGradient + start,
    plan.stride,
    layer.inputPanels,
    plan.zeros,
    0,
    0,
  );
}

/** dh = dz Wh^T for ranks [first, last) at timestep t, into the carry, on top of it where `add`. */
function hiddenProduct(plan: Plan, layer: Layer, t: i32, first: i32, last: i32, add: bool): void {
  if (first >= last) return;
  const from = entry(plan.offset, t) + first;
  if (isNative(plan, last - first, layer.unitPanels << 5, layer.unitPanels))
    return nativeHiddenGradient(layer.index, from, last - first, first, add);
  const carry = layer.hiddenCarry + (first << 5);
  product(
    layer.gates + (from << 5),
    plan.stride,
    last - first,
    layer.unitPanels << 5,
    layer.transposed + layer.inputPanels * layer.transposedPanel,
    layer.transposedPanel,
    carry,
    plan.carryStride,
    layer.unitPanels,
    add ? carry : plan.zeros,
    add ? plan.carryStride : 0,
    add ? 32 : 0,
  );
}

/** Sets a layer's carried gradients to 0, as they are past the last timestep. */
export function clearCarry(plan: Plan, layer: Layer): void {
  const bytes = plan.carryStride * layer.unitPanels;
  clearRun(layer.hiddenCarry, bytes);
  clearRun(layer.cellCarry, bytes);
}

/** Backward through timestep t of one layer: the cell, then the gradient of the hidden state before it. */
export function backwardStep(plan: Plan, layer: Layer, t: i32): void {
  cellBackward(plan, layer, t);
  if (t == 0) return;
  const real = entry(plan.real, t);
  hiddenProduct(plan, layer, t, 0, real, false);
  hiddenProduct(plan, layer, t, real, entry(plan.active, t), true);
}

/** All timesteps of one layer, then dx of all and dW; returns the sum of squares of dW. */
function backwardLayer(plan: Plan, layer: Layer): f64 {
  const withInputs = layer.inputGradient != 0;
  transposeKernel(plan, layer, withInputs);
  clearCarry(plan, layer);
  for (let t = plan.bound - 1; t >= 0; t--) backwardStep(plan, layer, t);
  if (withInputs) inputGradient(plan, layer, 0, plan.packed);
  return weightGradient(plan, layer);
}

/**
 * The whole stack, the top layer first; leaves the raw gradient of every layer.
 * @param squares f64 [layers], where the sums of their squares go.
 */
export function backward(plan: Plan, squares: usize): void {
  for (let l = plan.layerCount - 1; l >= 0; l--)
    store<f64>(squares + (l << 3), backwardLayer(plan, layerAt(plan, l)));
}
