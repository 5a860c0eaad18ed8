import type { ModelSpec } from "../../../cases/schema.ts";
import { type LayerShape, layerShapes } from "../../../cases/shapes.ts";
import { type BatchLayout, type Capacity, type FixedLayout, panelsOf } from "../arena.ts";
import type { Address } from "../kernels.ts";

/** Where the products of a model find everything, as words in the order of the structs of ../native/products.c. */
export interface ProductTable {
  words: Int32Array;
  /** All that the native code will read or write, as [address, bytes]. */
  extents: readonly (readonly [Address, number])[];
}

/** The table of an arena as it is laid out, for batches up to its capacity. */
export function productTable(
  model: ModelSpec,
  fixed: FixedLayout,
  batch: BatchLayout,
  { packed, rows }: Capacity,
): ProductTable {
  const layers = layerShapes(model).map((shape, l) => layerTable(shape, l, fixed, batch));
  return {
    words: Int32Array.from([
      batch.stride,
      batch.carryStride,
      packed,
      rows,
      ...layers.flatMap(({ words }) => words),
    ]),
    extents: layers.flatMap(({ extents }) => extents),
  };
}

function layerTable({ inputs, units }: LayerShape, l: number, fixed: FixedLayout, batch: BatchLayout) {
  const parameters = fixed.parameters[l];
  const activations = batch.layers[l];
  if (parameters === undefined || activations === undefined) throw new Error(`the arena has no layer ${l}`);
  const inputGradient = batch.layers[l - 1]?.hiddenGradient ?? 0;
  const [inputPanels, unitPanels] = [panelsOf(inputs), panelsOf(units)];
  const weightPanel = 32 * (inputs + units + 1);
  const transposedPanel = 32 * 32 * unitPanels;
  const { input, hiddenPrevious, gates, hiddenCarry } = activations;
  const { weights, gradient, transposed } = parameters;
  const parameterBytes = 4 * unitPanels * weightPanel;
  const packed = (panels: number) => panels * batch.stride;
  return {
    words: [
      ...[inputs, units, inputPanels, unitPanels, weightPanel, transposedPanel],
      ...[input, hiddenPrevious, gates, hiddenCarry, inputGradient],
      ...[...weights, gradient, transposed],
    ],
    extents: [
      [input, packed(inputPanels)],
      [hiddenPrevious, packed(unitPanels)],
      [gates, packed(4 * unitPanels)],
      [hiddenCarry, batch.carryStride * unitPanels],
      ...(l === 0 ? [] : [[inputGradient, packed(inputPanels)] as const]),
      ...[...weights, gradient].map((at) => [at, parameterBytes] as const),
      [transposed, transposedPanel * (inputPanels + unitPanels)],
    ] as const,
  };
}

/**
 * Makes sure that all of a table lies in the memory, in whole rows of panels: the native code asks no more.
 * @param start First byte of the arena.
 * @throws Error when something does not: the arena is laid out wrongly.
 */
export function checkTable(
  { words, extents }: ProductTable,
  { packed, rows }: Capacity,
  start: Address,
  end: Address,
): void {
  const [stride = 0, carryStride = 0] = words;
  const fits = ([at, bytes]: readonly [Address, number]) =>
    at >= start && at % 32 === 0 && bytes % 32 === 0 && at + bytes <= end;
  const wrong = extents.find((extent) => !fits(extent));
  if (wrong !== undefined || stride < 32 * packed || carryStride < 32 * rows)
    throw new Error(`explorer: ${wrong ?? "a stride"} is not inside the arena of ${end} bytes`);
}
