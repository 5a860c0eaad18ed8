import type { TraceOperation } from "../trace/trace.ts";
import type { Graph } from "./graph.ts";
import { kindOf } from "./kinds.ts";

/** True of an operation that squares: by its name, as a power of 2, or as a product of something with itself. */
export function isSquare({ operation, inputs, attributes }: TraceOperation): boolean {
  const kind = kindOf(operation);
  if (kind === "square") return true;
  if (kind === "power") return (inputs[1]?.high ?? attributes?.exponent ?? attributes?.y) === 2;
  if (kind !== "product") return false;
  const [a, b, c] = inputs;
  const isAdded = inputs.length === 3 && b !== undefined && b.id === c?.id;
  return isAdded || (a !== undefined && a.id === b?.id);
}

/** True where an operation's output is summed up at once, as for a norm. */
export function isSummed(graph: Graph, operation: TraceOperation): boolean {
  const after = graph.positionOf(operation);
  return operation.outputs
    .flatMap(({ id }) => graph.readersAfter(id, after))
    .some((position) => {
      const kind = kindOf(graph.operations[position]?.operation ?? "");
      return kind === "sum" || kind === "mean" || kind === "norm";
    });
}
