import { gateColumns } from "./gates.ts";
import type { ModelSpec } from "./schema.ts";

/** The sizes of one LSTM layer: kernel [inputs + units, 4 units], bias [4 units]. */
export interface LayerShape {
  inputs: number;
  units: number;
}

/** The sizes of every layer, the lowest first; each reads the units of the one below. */
export function layerShapes(model: ModelSpec): LayerShape[] {
  return model.layers.map((layer, index) => ({
    inputs: index === 0 ? model.inputs : (model.layers[index - 1]?.units ?? 0),
    units: layer.units,
  }));
}

/** Number of kernel and bias entries of all layers together. */
export function parameterCount(model: ModelSpec): number {
  return layerShapes(model).reduce(
    (sum, { inputs, units }) => sum + (inputs + units + 1) * gateColumns(units),
    0,
  );
}

/** Width of the outputs and of the targets: the units of the top layer. */
export function targetWidth(model: ModelSpec): number {
  return model.layers.at(-1)?.units ?? 0;
}
