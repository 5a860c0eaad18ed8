import type { Batch } from "../programs/lstm/cases/batch.ts";
import type { LossSpec, ModelSpec, OptimizerSpec } from "../programs/lstm/cases/schema.ts";
import type { Phase } from "../programs/lstm/diagnosis/trace.ts";

/** The parameters of one layer as most frameworks keep them, row-major; gates in the order of `cases/gates.ts`. */
export interface ExportedLayer {
  inputs: number;
  units: number;
  activation: ModelSpec["layers"][number]["activation"];
  /** [inputs, 4 units]. */
  kernel: Float32Array;
  /** [units, 4 units]. */
  recurrentKernel: Float32Array;
  /** [4 units], the forget bias not in it. */
  bias: Float32Array;
}

/** The part of a step that must be computed before the death shows: the loss, or all up to the gradients, the clipped ones, or the update. */
export type Depth = "loss" | "gradients" | "clip" | "update";

/**
 * All that a script needs of a fixture of the LSTM: numbers, choices, and texts that are for comments alone. It is one step,
 * the fatal one, from the state before it: a run from its start ends at another step in every framework, because training
 * makes tens of percent of one rounding.
 */
export interface Reproduction {
  /** The death in one sentence. A stranger wrote it: no target puts it anywhere but into {@link commentLines}. */
  sentence: string;
  /** `phase/mechanism/activation`. */
  signature: string;
  /** Names and versions of what it was seen to die on; a stranger's text, as `sentence`. */
  diedOn: readonly string[];
  /** The result of a run of the script, a line each; empty where none was tried. */
  verified: readonly string[];
  /** The phase and timestep of the first non-finite value. */
  site: { phase: Phase; timestep: number | null };
  depth: Depth;
  /** The fatal step of the run that the fixture is of, from 1. */
  step: number;
  /** Updates before it. */
  updatesBefore: number;
  layers: readonly ExportedLayer[];
  /** Adam's moments before the step, for each layer as its parameters; null where they are all 0, or the death shows before them. */
  moments: { first: readonly ExportedLayer[]; second: readonly ExportedLayer[] } | null;
  model: Pick<ModelSpec, "inputs" | "forgetBias" | "cellClip" | "gradientClip">;
  loss: LossSpec;
  optimizer: OptimizerSpec;
  /** `x` ends with the longest row, [rows, run, inputs]: nothing runs past it. */
  batch: Batch & { run: number };
}

/** True where rows of a batch end before its longest one: what is computed for them then is thrown away. */
export function hasEndedRows({ batch }: Reproduction): boolean {
  return batch.lengths.some((length) => length < batch.run);
}

/** True where a batch is padded past its longest row. */
export function isPadded({ batch }: Reproduction): boolean {
  return batch.run < batch.time;
}

/** Timesteps worth showing, the last one included: the six up to the death. */
export function shownTimesteps({ site, batch }: Reproduction): { from: number; to: number } {
  const to = Math.min(batch.run - 1, site.timestep ?? batch.run - 1);
  return { from: Math.max(0, to - 5), to };
}

/**
 * The divisor that makes a mean of a sum of distances: the number of all, or of those that do not lie wholly in padding.
 */
export function distances({ loss, layers, batch: { lengths, rows, time } }: Reproduction): number {
  const units = layers.at(-1)?.units ?? 0;
  if (loss.padding === "counted") return rows * (loss.axis === "time" ? units : time);
  const running = loss.axis === "time" ? lengths.filter((length) => length > 0).length * units : sum(lengths);
  return Math.max(running, 1);
}

function sum(values: Int32Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The reproduction with every weight times a factor. */
export function scaled(reproduction: Reproduction, factor: number): Reproduction {
  const times = (values: Float32Array) => values.map((value) => Math.fround(value * factor));
  const layers = reproduction.layers.map((layer) => ({
    ...layer,
    kernel: times(layer.kernel),
    recurrentKernel: times(layer.recurrentKernel),
    bias: times(layer.bias),
  }));
  return { ...reproduction, layers };
}
