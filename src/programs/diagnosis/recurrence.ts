import type { Trace, TraceOperation } from "../trace/trace.ts";
import { overflowed } from "./evidence.ts";
import { firstMade } from "./firstMade.ts";
import { type Graph, graphOf } from "./graph.ts";
import { type Growth, growthOf, isSamePlace } from "./growth.ts";
import { lastingOf } from "./lasting.ts";

/** The growth of a recurrence's state up to its overflow. */
export interface Recurrence extends Growth {
  /** The execution that overflowed. */
  operation: TraceOperation;
  /** True where its executions are timesteps. */
  isByTimestep: boolean;
  /** The names of the weights that each execution was computed with from the one before. */
  weights: string[];
}

/** Finds the recurrence that grew in a traced step; null where its death is no recurrence's overflow. */
export function recurrenceIn(trace: Trace): Recurrence | null {
  const graph = graphOf(trace);
  const found = firstMade(graph, lastingOf(graph));
  if (found === null || !overflowed(found)) return null;
  const { operation } = found;
  const growth = growthOf(graph, operation);
  if (growth === null) return null;
  return {
    ...growth,
    operation,
    isByTimestep: operation.timestep !== null && growth.stride === 1,
    weights: weightsWithin(graph, operation, growth.stride),
  };
}

/** Executions of a place from which its growth is known. */
const TAIL = 8;

/**
 * By what the output of a recurrence's place grows from one execution to the next in another trace, over the last executions of it that
 * are finite; null where there are fewer than two.
 */
export function growthAt({ operations }: Trace, { operation, stride }: Recurrence): number | null {
  const all = operations.filter((other) => isSamePlace(other, operation));
  const made = all
    .filter((_, at) => (all.length - 1 - at) % stride === 0)
    .map(({ outputs }) => outputs.reduce((most, { max }) => Math.max(most, max), 0))
    .filter((magnitude) => magnitude > 0 && Number.isFinite(magnitude))
    .slice(-TAIL);
  const [from, to] = [made[0], made.at(-1)];
  return from === undefined || to === undefined || made.length < 2
    ? null
    : (to / from) ** (1 / (made.length - 1));
}

/**
 * The weights between an execution of a place and the one before it. What was computed earlier is followed only where it is computed once
 * a step, as a slice of a weight is: else the walk would go through every timestep.
 */
function weightsWithin(graph: Graph, operation: TraceOperation, stride: number): string[] {
  const needed = new Set(operation.inputs.map(({ id }) => id));
  const found = new Set(namesOf(operation));
  let before = 0;
  for (let position = graph.positionOf(operation) - 1; position >= 0; position--) {
    const earlier = graph.operations[position];
    if (!earlier?.outputs.some(({ id }) => needed.has(id))) continue;
    if (isSamePlace(earlier, operation)) before += 1;
    if (before >= stride && earlier.of > 1) continue;
    for (const { id } of earlier.inputs) needed.add(id);
    for (const name of namesOf(earlier)) found.add(name);
  }
  return [...found];
}

function namesOf({ inputs }: TraceOperation): string[] {
  return inputs.flatMap(({ name }) => (name?.startsWith("weight/") ? [name] : []));
}
