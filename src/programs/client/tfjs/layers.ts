import type { Layer, LayersModel } from "./types.ts";

interface Nested {
  layers?: Layer[];
  layer?: Layer;
  forwardLayer?: Layer;
  backwardLayer?: Layer;
  cell?: Layer;
  cells?: Layer[];
}

/** Every layer of a model and the layers in them: nested models, wrapped layers, cells. The model itself is left out. */
export function allLayers(model: LayersModel | Layer): Layer[] {
  const { layers, layer, forwardLayer, backwardLayer, cell, cells } = model as Layer & Nested;
  const inside = [...(layers ?? []), layer, forwardLayer, backwardLayer, cell, ...(cells ?? [])];
  const children = inside.filter((one): one is Layer => one !== undefined && one !== null);
  return [...new Set(children.flatMap((child) => [child, ...allLayers(child)]))];
}
