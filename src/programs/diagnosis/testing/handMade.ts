import type { Trace, TraceOperation, TraceValue } from "../../trace/trace.ts";

/** A tensor of a hand-made trace: numbers, and what they are called. */
export interface Made {
  id: number;
  numbers: readonly number[];
  name: string | null;
  dtype: string;
}

/** Facts that a test may give of an operation, beside its name, inputs and numbers. */
type OperationFacts = Partial<
  Pick<
    TraceOperation,
    "file" | "line" | "phase" | "execution" | "of" | "timestep" | "layer" | "lineOf" | "attributes"
  >
> & {
  dtype?: string;
  /** Leave the operands out, as of operations that do not work number by number. */
  whole?: boolean;
};

/** Writes a trace by hand, operation by operation, as a host of any framework would. */
export class HandMade {
  private readonly operations: TraceOperation[] = [];
  private next = 0;
  private phase: TraceOperation["phase"] = "forward";

  /** Something that the step was given; without a name a constant. */
  given(name: string | null, numbers: readonly number[], dtype = "F32"): Made {
    return { id: this.next++, numbers, name, dtype };
  }

  /** Puts the operations from here on into a phase. */
  begin(phase: TraceOperation["phase"]): void {
    this.phase = phase;
  }

  /** An operation and the numbers that it made. */
  run(
    operation: string,
    inputs: readonly Made[],
    numbers: readonly number[],
    about: OperationFacts = {},
  ): Made {
    const { dtype = "F32", whole = false, ...more } = about;
    const made: Made = { id: this.next++, numbers, name: null, dtype };
    const at = numbers.findIndex((number) => !Number.isFinite(number));
    const value = numbers[at] ?? 0;
    const operands = inputs.map((input) => input.numbers[input.numbers.length === 1 ? 0 : at] ?? null);
    this.operations.push({
      n: this.operations.length,
      phase: this.phase,
      operation,
      file: "/home/person/train.py",
      line: 1,
      lineOf: this.phase === "backward" ? "forward" : "operation",
      function: null,
      layer: null,
      execution: 0,
      of: 1,
      timestep: null,
      inputs: inputs.map(described),
      outputs: [described(made)],
      ...more,
      bad: at < 0 ? null : { output: 0, index: [at], value, operands: whole ? null : operands },
    });
    return made;
  }

  /** The trace, with what the step ended in. */
  trace(results: {
    loss?: Made;
    gradients?: Record<string, Made>;
    weights?: Record<string, Made>;
    slots?: Record<string, Made>;
  }): Trace {
    const ids = (values: Record<string, Made> = {}) =>
      Object.fromEntries(Object.entries(values).map(([name, { id }]) => [name, id]));
    const end = {
      end: true as const,
      loss: results.loss?.id ?? null,
      gradients: ids(results.gradients),
      weights: ids(results.weights),
      slots: ids(results.slots),
    };
    return { operations: this.operations, end, notes: [] };
  }
}

function described({ id, name, dtype, numbers }: Made): TraceValue {
  const count = (is: (number: number) => boolean) => numbers.filter(is).length;
  const known = numbers.filter((number) => !Number.isNaN(number));
  return {
    id,
    name,
    dtype,
    shape: [numbers.length],
    max: Math.max(0, ...numbers.filter(Number.isFinite).map(Math.abs)),
    low: known.length > 0 ? Math.min(...known) : Number.NaN,
    high: known.length > 0 ? Math.max(...known) : Number.NaN,
    nan: count(Number.isNaN),
    inf: count((number) => Math.abs(number) === Number.POSITIVE_INFINITY),
    zeros: count((number) => number === 0),
  };
}
