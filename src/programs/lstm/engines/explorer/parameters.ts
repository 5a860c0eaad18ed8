import { gateColumns } from "../../cases/gates.ts";
import { parameterSizes } from "../../cases/parameters.ts";
import type { LayerShape } from "../../cases/shapes.ts";
import type { LayerParameters } from "../../cases/state.ts";
import { panelsOf } from "./arenaLayout.ts";

/** Copies numbers from one array into another: in the order of the parameters, and in that of the panels. */
type Copy = (parameters: Float32Array, index: number, panels: Float32Array, at: number) => void;

/**
 * Walks over the parameters of a layer, kernel rows and then the bias, with the place of each in the
 * panels [4 unitPanels][inputs + units + 1][8]. Called for every start of a run, so it allocates nothing.
 */
function copyParameters(shape: LayerShape, values: LayerParameters, panels: Float32Array, copy: Copy): void {
  const { inputs, units } = shape;
  const rows = inputs + units + 1;
  const perGate = panelsOf(units);
  for (let row = 0; row < rows; row++) {
    const isBias = row === rows - 1;
    const parameters = isBias ? values.bias : values.kernel;
    let index = isBias ? 0 : row * gateColumns(units);
    for (let panel = 0; panel < gateColumns(perGate); panel++) {
      const width = Math.min(8, units - 8 * (panel % perGate));
      const at = (panel * rows + row) * 8;
      for (let lane = 0; lane < width; lane++) copy(parameters, index++, panels, at + lane);
    }
  }
}

/** Writes parameters, or anything of their shape, into panels; lanes that pad become 0. */
export function packParameters(shape: LayerShape, from: LayerParameters, to: Float32Array): void {
  to.fill(0);
  copyParameters(shape, from, to, (parameters, index, panels, at) => {
    panels[at] = parameters[index] ?? 0;
  });
}

/** Reads parameters back out of panels. */
export function unpackParameters(shape: LayerShape, from: Float32Array): LayerParameters {
  const sizes = parameterSizes(shape);
  const kernel = new Float32Array(sizes.kernel);
  const bias = new Float32Array(sizes.bias);
  copyParameters(shape, { kernel, bias }, from, (parameters, index, panels, at) => {
    parameters[index] = panels[at] ?? 0;
  });
  return { kernel, bias };
}

/** Floats that a layer's parameters take in panels. */
export function panelFloats({ inputs, units }: LayerShape): number {
  return 32 * panelsOf(units) * (inputs + units + 1);
}
