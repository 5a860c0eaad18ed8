import type { Phase, TraceOperation, TraceValue } from "../trace/trace.ts";
import type { Graph } from "./graph.ts";
import { type Kind, kindOf } from "./kinds.ts";
import type { Lasting } from "./lasting.ts";

/** The evidence for a mechanism: the operation that made the first bad value that lasts, or was given it, and the trace around it. */
export interface Evidence {
  graph: Graph;
  lasting: Lasting;
  operation: TraceOperation;
  kind: Kind;
  /** The operation's, or `backward` where it only computes what the gradient needs. */
  phase: Phase;
  /** The value that was bad before the step, where the operation did not make it. */
  given: TraceValue | null;
  /** The first bad number of the output. */
  value: number;
  /** For each input its number at that place; null where it does not apply or is not known. */
  operands: readonly (number | null)[];
  /** True where inputs are infinite, none of them NaN. */
  fromInfinity: boolean;
}

/** The cause of a death, from a mechanism that applies. */
export interface Cause {
  /** The numbers that say so: a sentence. */
  because: string;
  /** The end of the death's sentence, as "by a factor of 4 a timestep". */
  detail?: string;
  /** The site, where it is another operation than the one that was looked at. */
  at?: TraceOperation;
}

/** Looks whether a death is of one mechanism. */
export type Judge = (evidence: Evidence) => Cause | null;

/** The evidence of an operation, as found. */
export function evidenceOf(
  graph: Graph,
  lasting: Lasting,
  operation: TraceOperation,
  more: { phase?: Phase; given?: TraceValue | null } = {},
): Evidence {
  const { bad, inputs, outputs } = operation;
  const fromInfinity = inputs.some(({ inf }) => inf > 0) && !inputs.some(({ nan }) => nan > 0);
  const nan = outputs.some((output) => output.nan > 0);
  // Of an output that holds both, the first bad number may only have been passed on.
  const passed = fromInfinity && nan && !Number.isNaN(bad?.value);
  const value = passed || (bad === null && nan) ? Number.NaN : (bad?.value ?? Number.POSITIVE_INFINITY);
  const operands = passed ? null : bad?.operands;
  return {
    graph,
    lasting,
    operation,
    kind: kindOf(operation.operation),
    phase: more.phase ?? operation.phase,
    given: more.given ?? null,
    value,
    operands: inputs.map((_, position) => operands?.[position] ?? null),
    fromInfinity,
  };
}

/** True of an operation that overflowed: it made an infinite number of finite ones. */
export function overflowed({ value, fromInfinity, given }: Evidence): boolean {
  return given === null && !fromInfinity && !Number.isNaN(value);
}

/** True where an operand is 0 at the bad place or, where that is not known, may be. */
export function mayBeZero({ operands, operation }: Evidence, position: number): boolean {
  const operand = operands[position] ?? null;
  return operand === null ? (operation.inputs[position]?.zeros ?? 0) > 0 : operand === 0;
}
