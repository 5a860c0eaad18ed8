import { gateColumns } from "./gates.ts";
import type { ModelSpec } from "./schema.ts";
import { type LayerShape, layerShapes } from "./shapes.ts";

/** The parameters of a layer, in the order in which all that walks over them takes them. */
export const PARAMETERS = ["kernel", "bias"] as const;
/** One of {@link PARAMETERS}. */
export type ParameterName = (typeof PARAMETERS)[number];

/** The parts of a training state that have the shape of the parameters, in their order. */
export const STATE_PARTS = ["weights", "firstMoment", "secondMoment"] as const;

/** The shapes of a layer's parameters: kernel [inputs + units, 4 units], bias [4 units]. */
function parameterShapes({ inputs, units }: LayerShape): Record<ParameterName, number[]> {
  return { kernel: [inputs + units, gateColumns(units)], bias: [gateColumns(units)] };
}

/** The arrays of layers in their order: kernel and bias of the lowest layer first. */
export function parameterArrays<T>(layers: readonly Readonly<Record<ParameterName, T>>[]): T[] {
  return layers.flatMap((layer) => PARAMETERS.map((name) => layer[name]));
}

/** The layers that arrays belong to; the inverse of {@link parameterArrays}. */
export function layersOf<T>(arrays: readonly T[]): Record<ParameterName, T>[] {
  return Array.from({ length: arrays.length / PARAMETERS.length }, (_, layer) => {
    const of = (name: ParameterName) => arrays[PARAMETERS.length * layer + PARAMETERS.indexOf(name)] as T;
    return { kernel: of("kernel"), bias: of("bias") };
  });
}

/** The layers with each array replaced by what is made of it. */
export function mapArrays<T, U>(
  layers: readonly Readonly<Record<ParameterName, T>>[],
  make: (array: T) => U,
): Record<ParameterName, U>[] {
  return layersOf(parameterArrays(layers).map(make));
}

/** Numbers in each of a layer's parameters. */
export function parameterSizes(shape: LayerShape): Record<ParameterName, number> {
  const { kernel, bias } = parameterShapes(shape);
  const product = (sizes: number[]) => sizes.reduce((all, size) => all * size, 1);
  return { kernel: product(kernel), bias: product(bias) };
}

/** Makes something for every parameter of a model: one entry a layer, the lowest first. */
export function mapParameters<T>(
  model: ModelSpec,
  make: (parameter: { name: ParameterName; layer: number; shape: number[]; size: number }) => T,
): Record<ParameterName, T>[] {
  return layerShapes(model).map((layerShape, layer) => {
    const shapes = parameterShapes(layerShape);
    const sizes = parameterSizes(layerShape);
    const of = (name: ParameterName) => make({ name, layer, shape: shapes[name], size: sizes[name] });
    return { kernel: of("kernel"), bias: of("bias") };
  });
}
