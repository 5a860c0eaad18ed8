/** The part of a step that an operation belongs to: the loss, its gradients, or what is made of those. */
export type Phase = "forward" | "backward" | "update";

/** A tensor that an operation took or made: its contents' number and what they are like. */
export interface TraceValue {
  /** Stands for the contents: two values with one id are the same. */
  id: number;
  /** Of a leaf of the step: `batch/0`, `weight/kernel`, `slot/kernel/m`, `counter/iterations`. */
  name: string | null;
  dtype: string;
  shape: number[];
  /** The largest finite magnitude. */
  max: number;
  /** The smallest and the largest that are not NaN. */
  low: number;
  high: number;
  /** Entries that are NaN, infinite, 0. */
  nan: number;
  inf: number;
  zeros: number;
}

/** The first number of an operation's outputs that is not finite. */
export interface TraceBad {
  /** Which output. */
  output: number;
  index: number[];
  value: number;
  /** The operands' numbers at this place, of an operation that works number by number. */
  operands: (number | null)[] | null;
}

/** One operation of a traced step. */
export interface TraceOperation {
  /** Counted from 0, in order of execution. */
  n: number;
  phase: Phase;
  operation: string;
  file: string | null;
  line: number | null;
  /** The owner of the line: the operation, the forward operation of a gradient, the making of a layer, or the call of `step`. */
  lineOf: "operation" | "forward" | "layer" | "call";
  function: string | null;
  layer: string | null;
  /** This execution's number, from 0, among those of the same place in the step, and how many there are. */
  execution: number;
  of: number;
  timestep: number | null;
  inputs: TraceValue[];
  outputs: TraceValue[];
  attributes?: Record<string, unknown>;
  bad: TraceBad | null;
}

/** Which values are the step's results, by their ids. */
export interface TraceEnd {
  end: true;
  loss: number | null;
  gradients: Record<string, number>;
  weights: Record<string, number>;
  slots: Record<string, number>;
  /** Operations that were left out at the end. */
  dropped?: number;
}

/** A whole traced step. */
export interface Trace {
  operations: TraceOperation[];
  end: TraceEnd;
  /** Sentences on what the trace does not show. */
  notes: string[];
}

/** The most operations that a trace keeps. */
export const OPERATION_LIMIT = 200_000;

/** True of a value that holds a number that is not finite. */
export function isBad(value: TraceValue): boolean {
  return value.nan + value.inf > 0;
}
