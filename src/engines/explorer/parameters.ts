import type { LayerShape } from "../../cases/shapes.ts";
import type { LayerParameters } from "../../cases/state.ts";
import { panelsOf } from "./arena.ts";

/**
 * Calls back for every parameter of a layer: its index in the kernel (or in the bias, for the row past
 * the kernel's last) and its index in the panels [4 unitPanels][inputs + units + 1][8].
 */
function forEachParameter(
  { inputs, units }: LayerShape,
  visit: (panelIndex: number, row: number, column: number) => void,
): void {
  const rows = inputs + units + 1;
  const panels = panelsOf(units);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < 4 * units; column++) {
      const gate = Math.floor(column / units);
      const unit = column - gate * units;
      const panel = gate * panels + (unit >> 3);
      visit((panel * rows + row) * 8 + (unit & 7), row, column);
    }
}

/** Writes parameters, or anything of their shape, into panels; lanes that pad become 0. */
export function packParameters(shape: LayerShape, from: LayerParameters, to: Float32Array): void {
  to.fill(0);
  const kernelRows = shape.inputs + shape.units;
  const columns = 4 * shape.units;
  forEachParameter(shape, (index, row, column) => {
    to[index] = (row < kernelRows ? from.kernel[row * columns + column] : from.bias[column]) ?? 0;
  });
}

/** Reads parameters back out of panels. */
export function unpackParameters(shape: LayerShape, from: Float32Array): LayerParameters {
  const kernelRows = shape.inputs + shape.units;
  const columns = 4 * shape.units;
  const kernel = new Float32Array(kernelRows * columns);
  const bias = new Float32Array(columns);
  forEachParameter(shape, (index, row, column) => {
    const value = from[index] ?? 0;
    if (row < kernelRows) kernel[row * columns + column] = value;
    else bias[column] = value;
  });
  return { kernel, bias };
}

/** Floats that a layer's parameters take in panels. */
export function panelFloats({ inputs, units }: LayerShape): number {
  return 32 * panelsOf(units) * (inputs + units + 1);
}
