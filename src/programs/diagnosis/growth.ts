import type { TraceOperation } from "../trace/trace.ts";
import type { Graph } from "./graph.ts";
import { limitOf, outputType } from "./number.ts";

/** The growth of a place's output, each execution of which computes with what the one before has made. */
export interface Growth {
  /** The factor from one execution to the next, at the end. */
  factor: number;
  /** Executions of the place for each of these: more than 1 where a line computes more than once a timestep. */
  stride: number;
  /** The executions from its least on, the one that overflowed being the last. */
  executions: number;
  /** Its largest magnitude in the first of these. */
  from: number;
  /** Its largest magnitudes from there on, the overflow itself left out. */
  magnitudes: readonly number[];
}

/** A thousandfold is growth, as for the recurrent networks that nanproof trains itself. */
const LEAST_GROWTH = 1000;

/** A step of less is none: the states of a stable recurrence waver by a little. */
const LEAST_RISE = 1.01;

/** Of the executions before the overflow this share rises. */
const RISING = 0.8;

/** The factor is that of the last so many executions. */
const TAIL = 8;

/** A place may compute this many times a timestep, as a line that multiplies twice. */
const MOST_A_TIMESTEP = 4;

/** The growth of an operation's place up to the operation's overflow; null where it did not grow geometrically. */
export function growthOf(graph: Graph, operation: TraceOperation): Growth | null {
  const before = earlierMagnitudes(graph, operation);
  const limit = limitOf(outputType(operation));
  for (let stride = 1; stride <= MOST_A_TIMESTEP; stride++)
    for (let offset = 0; offset < stride; offset++) {
      const made = before.filter((_, at) => (before.length - at) % stride === offset);
      const growth = growthIn(made, limit, stride === 1 ? 2 : 3);
      if (growth !== null) return { ...growth, stride };
    }
  return null;
}

/** The growth of magnitudes, one an execution, of which the next passed the limit. */
function growthIn(
  magnitudes: readonly number[],
  limit: number,
  fewest: number,
): Omit<Growth, "stride"> | null {
  const made = magnitudes.slice(magnitudes.lastIndexOf(0) + 1);
  const start = made.lastIndexOf(made.reduce((least, magnitude) => Math.min(least, magnitude), limit));
  const grown = made.slice(start);
  const [from] = grown;
  // Where it has been level before, one large number that comes in is no growth.
  if (from === undefined || grown.length < (start === 0 ? fewest : 3) || limit / from < LEAST_GROWTH)
    return null;
  const rises = [...grown.slice(1), limit].filter(
    (magnitude, step) => magnitude > (grown[step] ?? 0) * LEAST_RISE,
  );
  if (rises.length < RISING * grown.length) return null;
  const tail = grown.slice(-TAIL);
  const factor = ((tail.at(-1) ?? 0) / (tail[0] ?? 1)) ** (1 / (tail.length - 1));
  return { factor, executions: grown.length + 1, from, magnitudes: grown };
}

/**
 * Largest magnitudes of the earlier executions of an operation's place that it was computed from, the earliest first. A line that
 * multiplies the state and the input alike, `x @ u + h @ w`, has two operations of one number: the larger one counts.
 */
function earlierMagnitudes(graph: Graph, operation: TraceOperation): number[] {
  const needed = new Set(operation.inputs.map(({ id }) => id));
  const magnitudes: number[] = [];
  let execution = operation.execution;
  for (let position = graph.positionOf(operation) - 1; position >= 0; position--) {
    const earlier = graph.operations[position];
    if (!earlier?.outputs.some(({ id }) => needed.has(id))) continue;
    for (const { id } of earlier.inputs) needed.add(id);
    if (!isSamePlace(earlier, operation) || earlier.execution > execution) continue;
    const most = earlier.outputs.reduce((largest, { max }) => Math.max(largest, max), 0);
    if (earlier.execution < execution) magnitudes.push(most);
    else if (execution < operation.execution) magnitudes.push(Math.max(most, magnitudes.pop() ?? 0));
    execution = earlier.execution;
  }
  return magnitudes.reverse();
}

/** True where two operations are executions of one place. */
export function isSamePlace(a: TraceOperation, b: TraceOperation): boolean {
  return (
    a.operation === b.operation &&
    a.phase === b.phase &&
    a.file === b.file &&
    a.line === b.line &&
    a.layer === b.layer
  );
}
