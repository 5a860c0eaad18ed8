import { isBad, type Trace, type TraceOperation, type TraceValue } from "../trace/trace.ts";

/** A result of the step: its name (`loss`, `weight/kernel`) and the contents that it ended with. */
interface Result {
  name: string;
  id: number;
  of: "loss" | "gradients" | "weights" | "slots";
}

/**
 * The makers and readers of contents in a trace. Positions in `operations` are time: every walk goes one way through them, so
 * that ids that come twice, or in a circle, do no harm.
 */
export interface Graph {
  operations: readonly TraceOperation[];
  results: readonly Result[];
  /** The position of the operation that made contents before another; null for what the step was given. */
  makerBefore(id: number, position: number): number | null;
  /** Positions after one that read contents: the next thousand. */
  readersAfter(id: number, position: number): number[];
  positionOf(operation: TraceOperation): number;
  /** The results that an operation's bad output reaches, in the order in which they are made. */
  reachedBy(operation: TraceOperation): Result[];
}

/** Contents that are read more often are no more looked after: a trace is a stranger's, and has an end. */
const MOST_READERS = 1000;

/** Makes the graph of a trace. */
export function graphOf({ operations, end }: Trace): Graph {
  const makers = new Map<number, number[]>();
  const readers = new Map<number, number[]>();
  const positions = new Map<TraceOperation, number>();
  for (const [position, operation] of operations.entries()) {
    positions.set(operation, position);
    const read = new Set(operation.inputs.map(({ id }) => id));
    for (const id of read) push(readers, id, position);
    // What an operation passes on as it is was made before.
    for (const { id } of operation.outputs) if (!read.has(id)) push(makers, id, position);
  }
  const results = resultsOf(end);
  const positionOf = (operation: TraceOperation) => positions.get(operation) ?? operations.length;
  return {
    operations,
    results,
    makerBefore(id, position) {
      const made = makers.get(id) ?? [];
      return made[firstFrom(made, position) - 1] ?? null;
    },
    readersAfter(id, position) {
      const read = readers.get(id) ?? [];
      const first = firstFrom(read, position + 1);
      return read.slice(first, first + MOST_READERS);
    },
    positionOf,
    reachedBy: (operation) => reached(operations.slice(positionOf(operation)), results),
  };
}

function reached([operation, ...later]: readonly TraceOperation[], results: readonly Result[]): Result[] {
  const bad = new Set(badOnes(operation?.outputs ?? []).map(({ id }) => id));
  for (const { inputs, outputs } of later)
    if (inputs.some(({ id }) => bad.has(id))) for (const { id } of badOnes(outputs)) bad.add(id);
  const order = [...bad].map((id, at) => [id, at] as const);
  const places = new Map(order);
  return results
    .filter(({ id }) => places.has(id))
    .sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
}

/** The index of a position, or of the next one after it, in a list of positions in ascending order. */
function firstFrom(positions: readonly number[], position: number): number {
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The values that are not finite. */
export function badOnes(values: readonly TraceValue[]): TraceValue[] {
  return values.filter(isBad);
}

/** True where any value holds NaN. */
export function hasNaN(values: readonly TraceValue[]): boolean {
  return values.some(({ nan }) => nan > 0);
}

function resultsOf({ loss, gradients, weights, slots }: Trace["end"]): Result[] {
  const groups = { gradients, weights, slots };
  const named = Object.entries(groups).flatMap(([of, ids]) =>
    Object.entries(ids).map(([name, id]) => ({ name, id, of: of as Result["of"] })),
  );
  return loss === null ? named : [{ name: "loss", id: loss, of: "loss" }, ...named];
}

function push<K>(map: Map<K, number[]>, key: K, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
