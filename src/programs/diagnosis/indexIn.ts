import type { TraceValue } from "../trace/trace.ts";
import type { Graph } from "./graph.ts";

/**
 * The index of the first bad number of a tensor that the step was given, as far as an operation tells that has its shape and
 * only reads it number by number.
 */
export function indexIn(graph: Graph, given: TraceValue): number[] | null {
  for (const position of graph.readersAfter(given.id, -1)) {
    const reader = graph.operations[position];
    const bad = reader?.bad ?? null;
    if (reader === undefined || bad === null) continue;
    const same = reader.outputs[bad.output]?.shape.join() === given.shape.join();
    const others = reader.inputs.filter(({ id }) => id !== given.id);
    const isOnly = others.every(({ nan, inf }) => nan + inf === 0);
    const isByNumber = bad.operands !== null || others.length === 0;
    if (same && isOnly && isByNumber) return bad.index;
  }
  return null;
}
