import type { TraceOperation } from "../../trace/trace.ts";

/** An operation while its step is traced, with what its line does not say. */
export interface TracedOperation {
  operation: TraceOperation;
  /** Stands for the place, operation and phase. */
  key: string;
  /** Stands for the way of calls to it. */
  path: string;
  /** The forward operation that it is of the gradient of. */
  forward: TracedOperation | null;
}

/** A place that is executed less often than this is taken for no loop over time. */
const FEWEST = 3;

/**
 * Counts the executions of every place, and says the timestep where a place is executed once a timestep: as often as the batch
 * has timesteps (an axis of that length), or, where no place is, as often as most places that are executed again and again.
 * @param axes Lengths of the axes of the batch.
 */
export function countExecutions(traced: readonly TracedOperation[], axes: ReadonlySet<number>): void {
  const places = groupBy(traced, ({ key }) => key);
  for (const group of places)
    for (const [execution, { operation }] of group.entries()) {
      operation.execution = execution;
      operation.of = group.length;
    }
  const loops = groupBy(
    traced.filter(({ operation }) => operation.phase === "forward"),
    ({ path }) => path,
  ).filter(({ length }) => length >= FEWEST);
  const time = lengthOfTime(
    loops.map(({ length }) => length),
    axes,
  );
  for (const group of loops)
    if (time !== null && Math.abs(group.length - time) <= 1)
      for (const [timestep, { operation }] of group.entries()) operation.timestep = timestep;
  for (const { operation, forward } of traced)
    if (forward !== null) operation.timestep = forward.operation.timestep;
}

/** The number of executions of most loops; where loops run as often as an axis of the batch is long, only those count. */
function lengthOfTime(counts: readonly number[], axes: ReadonlySet<number>): number | null {
  const votes = new Map<number, number>();
  const fitting = counts.filter((count) => axes.has(count));
  for (const count of fitting.length > 0 ? fitting : counts) votes.set(count, (votes.get(count) ?? 0) + 1);
  const [first] = [...votes].sort(([a, m], [b, n]) => n - m || b - a);
  return first === undefined ? null : first[0];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
