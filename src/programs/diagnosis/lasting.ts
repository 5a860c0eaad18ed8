import { isBad, type TraceOperation, type TraceValue } from "../trace/trace.ts";
import { badOnes, type Graph, hasNaN } from "./graph.ts";
import { kindOf, passesOn } from "./kinds.ts";

/** An operation with this many inputs may have more than the trace lists. */
const LISTED = 8;

/** The operations whose bad output reaches a result of the step. */
export interface Lasting {
  /** In order of execution. */
  chain: TraceOperation[];
  /** Those that reach a result by other ways than the backward pass. */
  forward: ReadonlySet<TraceOperation>;
  /** True where the trace does not show the making of any result, so that all that is bad at its end is taken for lasting. */
  cut: boolean;
}

/** Follows bad values from the results of the step back to where they were made. */
export function lastingOf(graph: Graph): Lasting {
  const { operations, results } = graph;
  const ends = results.map(({ id }) => id);
  const seen = ends.some((id) => graph.makerBefore(id, operations.length) !== null);
  const starts = seen ? ends : looseEnds(graph);
  return {
    chain: walk(graph, starts, operations),
    forward: new Set(
      walk(
        graph,
        starts,
        operations.filter(({ phase }) => phase !== "backward"),
      ),
    ),
    cut: !seen && operations.length > 0,
  };
}

function walk(
  graph: Graph,
  starts: readonly number[],
  operations: readonly TraceOperation[],
): TraceOperation[] {
  const lasting = new Set(starts);
  // Shapes that an operation took more of than the trace lists.
  const unlisted = new Set<string>();
  const chain: TraceOperation[] = [];
  for (const operation of operations.toReversed()) {
    const lasts = ({ id, shape }: TraceValue) => lasting.has(id) || unlisted.has(String(shape));
    if (!operation.outputs.some((output) => isBad(output) && lasts(output))) continue;
    chain.push(operation);
    const causes = causesOf(graph, operation);
    for (const { id } of causes) lasting.add(id);
    if (causes.length === 0 && mayHaveMore(operation))
      for (const { shape } of operation.inputs) unlisted.add(String(shape));
  }
  return chain.reverse();
}

function mayHaveMore({ operation, inputs }: TraceOperation): boolean {
  const kind = kindOf(operation);
  return inputs.length >= LISTED && (passesOn(kind) || kind === "sum" || operation.includes("foreach"));
}

/**
 * The bad inputs that an operation's bad output comes of. Where a gradient is NaN already, the forward values that it is
 * multiplied with are not asked: the NaN would have come without them.
 */
function causesOf(graph: Graph, operation: TraceOperation): TraceValue[] {
  const bad = badOnes(operation.inputs);
  if (operation.phase !== "backward") return bad;
  const gradients = badOnes(gradientsOf(graph, operation));
  return hasNaN(gradients) ? gradients : bad;
}

/** The inputs of an operation that were made in the backward pass. */
export function gradientsOf(graph: Graph, operation: TraceOperation): TraceValue[] {
  return operation.inputs.filter(({ id }) => isGradient(graph, id, operation));
}

/** Copies of copies that are seen through. */
const COPIES = 4;

/** True of contents that were made in the backward pass, before an operation, and are no copy or cast of forward ones. */
export function isGradient(graph: Graph, id: number, reader: TraceOperation, copies = 0): boolean {
  const position = graph.makerBefore(id, graph.positionOf(reader));
  const maker = position === null ? undefined : graph.operations[position];
  if (maker?.phase !== "backward") return false;
  const kind = kindOf(maker.operation);
  const isCopy = (kind === "move" || kind === "cast") && maker.inputs.length > 0 && copies < COPIES;
  return !isCopy || maker.inputs.some((input) => isGradient(graph, input.id, maker, copies + 1));
}

function looseEnds(graph: Graph): number[] {
  return graph.operations.flatMap(({ outputs }, position) =>
    badOnes(outputs)
      .filter(({ id }) => graph.readersAfter(id, position).length === 0)
      .map(({ id }) => id),
  );
}
