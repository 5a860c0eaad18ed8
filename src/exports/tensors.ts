import type { ExportedLayer, Reproduction } from "./reproduction.ts";

/** A named tensor of a script. */
export interface NamedTensor {
  name: string;
  shape: readonly number[];
  values: Float32Array;
  /** A comment on it; empty where its name says all. */
  note: string;
}

/** The layout of a target's parameters, and the names of their columns. */
export interface Layout {
  /** The columns of a kernel, for a comment. */
  gates: string;
  /** Kernel and recurrent kernel in one, [inputs + units, 4 units]. */
  joint?: boolean;
  /** Makes the target's form of a parameter; left out where it stays as it is. */
  arrange?: (values: Float32Array, layer: ExportedLayer, name: ParameterName) => Float32Array;
}

/** The parameters of a layer, by the names that frameworks give them. */
export type ParameterName = "kernel" | "recurrent_kernel" | "bias";

/** The name of a layer's part: without a number where there is one layer only. */
export function layerName({ layers }: Pick<Reproduction, "layers">, name: string, layer: number): string {
  return layers.length === 1 ? name : `${name}_${layer}`;
}

/** The parameters of all layers, the lowest first. */
export function parameterTensors(reproduction: Reproduction, layout: Layout): NamedTensor[] {
  return layerTensors(reproduction, reproduction.layers, layout, "");
}

/** Adam's moments, first and second; none where all of them are 0. */
export function momentTensors(reproduction: Reproduction, layout: Layout): NamedTensor[] {
  const { moments } = reproduction;
  if (moments === null) return [];
  return [
    ...layerTensors(reproduction, moments.first, layout, "first_moment_of_"),
    ...layerTensors(reproduction, moments.second, layout, "second_moment_of_"),
  ];
}

function layerTensors(
  reproduction: Reproduction,
  layers: readonly ExportedLayer[],
  { gates, joint = false, arrange = (values) => values }: Layout,
  prefix: string,
): NamedTensor[] {
  return layers.flatMap((layer, at) => {
    const named = (name: ParameterName, shape: number[], values: Float32Array, note: string) => ({
      name: layerName(reproduction, prefix + name, at),
      shape,
      values: arrange(values, layer, name),
      note: at === 0 && prefix === "" ? note : "",
    });
    const { inputs, units, kernel, recurrentKernel, bias } = layer;
    const own = named("bias", [4 * units], bias, "");
    if (joint) {
      const both = Float32Array.from([...kernel, ...recurrentKernel]);
      return [named("kernel", [inputs + units, 4 * units], both, `inputs, then units; ${gates}`), own];
    }
    return [
      named("kernel", [inputs, 4 * units], kernel, gates),
      named("recurrent_kernel", [units, 4 * units], recurrentKernel, ""),
      own,
    ];
  });
}

/** Inputs and targets. */
export function dataTensors({ batch, model, layers }: Reproduction): NamedTensor[] {
  const { rows, run, time, x, y } = batch;
  return [
    { name: "x", shape: [rows, run, model.inputs], values: x, note: "[rows, timesteps, inputs]" },
    { name: "y", shape: [rows, time, layers.at(-1)?.units ?? 0], values: y, note: "targets" },
  ];
}

/** Numbers that a script writes out: all of a tensor that is not 0 everywhere. */
export function writtenCount(tensors: readonly NamedTensor[]): number {
  return tensors.reduce((count, { values }) => count + (isZero(values) ? 0 : values.length), 0);
}

/** True where every entry is 0 (and none -0, which is another number). */
export function isZero(values: Float32Array): boolean {
  return values.every((value) => Object.is(value, 0));
}
