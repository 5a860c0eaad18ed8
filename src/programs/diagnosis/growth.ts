import type { TraceOperation } from "../trace/trace.ts";
import type { Graph } from "./graph.ts";
import { limitOf, outputType } from "./number.ts";

/** How a place's output grew, each execution having computed with what the one before had made. */
export interface Growth {
  /** By what it was multiplied from one execution to the next, at the end. */
  factor: number;
  /** The executions from its least on, the one that overflowed being the last. */
  executions: number;
  /** Its largest magnitude in the first of these. */
  from: number;
}

/** A thousandfold is growth, as for the recurrent networks that nanproof trains itself. */
const LEAST_GROWTH = 1000;

/** A step of less is none: the states of a stable recurrence waver by a little. */
const LEAST_RISE = 1.01;

/** Of the executions before the overflow this share rises. */
const RISING = 0.8;

/** The factor is that of the last so many executions. */
const TAIL = 8;

/** How the output of an operation's place grew up to the operation's overflow; null where it did not grow geometrically. */
export function growthOf(graph: Graph, operation: TraceOperation): Growth | null {
  const before = earlierMagnitudes(graph, operation);
  const made = before.slice(before.findIndex((magnitude) => magnitude > 0));
  if (before.every((magnitude) => magnitude === 0)) return null;
  const start = made.lastIndexOf(Math.min(...made));
  const grown = made.slice(start);
  const limit = limitOf(outputType(operation));
  const rises = [...grown.slice(1), limit].filter(
    (magnitude, step) => magnitude > (grown[step] ?? 0) * LEAST_RISE,
  );
  const from = grown[0] ?? 0;
  const enough = grown.length >= (start === 0 ? 2 : 3);
  if (!enough || limit / from < LEAST_GROWTH || rises.length < RISING * grown.length) return null;
  const tail = grown.slice(-TAIL);
  const factor = ((tail.at(-1) ?? 0) / (tail[0] ?? 1)) ** (1 / (tail.length - 1));
  return { factor, executions: grown.length + 1, from };
}

/** Largest magnitudes of the earlier executions of an operation's place that it was computed from, the earliest first. */
function earlierMagnitudes(graph: Graph, operation: TraceOperation): number[] {
  const needed = new Set(operation.inputs.map(({ id }) => id));
  const magnitudes: number[] = [];
  let execution = operation.execution;
  for (let position = graph.positionOf(operation) - 1; position >= 0 && execution > 0; position--) {
    const earlier = graph.operations[position];
    if (!earlier?.outputs.some(({ id }) => needed.has(id))) continue;
    for (const { id } of earlier.inputs) needed.add(id);
    if (!isSamePlace(earlier, operation) || earlier.execution >= execution) continue;
    execution = earlier.execution;
    magnitudes.push(Math.max(0, ...earlier.outputs.map(({ max }) => max)));
  }
  return magnitudes.reverse();
}

function isSamePlace(a: TraceOperation, b: TraceOperation): boolean {
  return (
    a.operation === b.operation &&
    a.phase === b.phase &&
    a.file === b.file &&
    a.line === b.line &&
    a.layer === b.layer
  );
}
