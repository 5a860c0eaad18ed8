import type { ModelSpec } from "../../../cases/schema.ts";
import { type LayerShape, layerShapes } from "../../../cases/shapes.ts";
import {
  type BatchLayout,
  type Capacity,
  type FixedLayout,
  measuresBytes,
  panelsOf,
} from "../arenaLayout.ts";
import type { Address } from "../kernels.ts";
import { PLAN_INDEX } from "../planFields.ts";

/** Bytes of what the optimizers multiply by: the plan's fields from `rate` on, in the order of struct scalars. */
const SCALARS_BYTES = 32;

/** Addresses and sizes that the products of a model read, as words in the order of the structs of ../native/products.c. */
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
  const scalars = fixed.plan + 4 * PLAN_INDEX.rate;
  return {
    words: Int32Array.from([
      batch.stride,
      batch.carryStride,
      packed,
      rows,
      scalars,
      fixed.measures,
      ...layers.flatMap(({ words }) => words),
    ]),
    extents: [[fixed.measures, measuresBytes(model)], ...layers.flatMap(({ extents }) => extents)],
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
  const { weights, firstMoment, secondMoment, gradient, transposed } = parameters;
  const moments = [...firstMoment, ...secondMoment];
  const parameterBytes = 4 * unitPanels * weightPanel;
  const packed = (panels: number) => panels * batch.stride;
  return {
    words: [
      ...[inputs, units, inputPanels, unitPanels, weightPanel, transposedPanel],
      ...[input, hiddenPrevious, gates, hiddenCarry, inputGradient],
      ...[...weights, gradient, transposed],
      ...moments,
    ],
    extents: [
      [input, packed(inputPanels)],
      [hiddenPrevious, packed(unitPanels)],
      [gates, packed(4 * unitPanels)],
      [hiddenCarry, batch.carryStride * unitPanels],
      ...(l === 0 ? [] : [[inputGradient, packed(inputPanels)] as const]),
      ...[...weights, gradient, ...moments.filter((at) => at !== 0)].map(
        (at) => [at, parameterBytes] as const,
      ),
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
  const [stride = 0, carryStride = 0, , , scalars = 0] = words;
  const fits = ([at, bytes]: readonly [Address, number]) =>
    at >= start && at % 32 === 0 && bytes % 32 === 0 && at + bytes <= end;
  const wrong = extents.find((extent) => !fits(extent));
  if (scalars < start || scalars + SCALARS_BYTES > end || scalars % 4 !== 0)
    throw new Error(`explorer: the plan at ${scalars} is not inside the arena of ${end} bytes`);
  if (wrong !== undefined || stride < 32 * packed || carryStride < 32 * rows)
    throw new Error(`explorer: ${wrong ?? "a stride"} is not inside the arena of ${end} bytes`);
}
