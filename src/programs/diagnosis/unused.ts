import { isBad, type TraceOperation } from "../trace/trace.ts";
import { badOnes, type Graph, hasNaN } from "./graph.ts";
import { type Kind, kindOf } from "./kinds.ts";
import { gradientsOf, type Lasting } from "./lasting.ts";
import { unselectedAt } from "./unselected.ts";

/** Kinds that leave out what is not chosen. */
const CHOOSES: readonly Kind[] = ["select", "gate"];

/** Kinds that look at a number, or copy it, and say nothing of how it is used. */
const LOOKS: readonly Kind[] = ["compare", "constant", "move"];

/** Operations that a bad value is followed through. */
const FAR = 2000;

/** The use that the forward pass makes of an operation's bad output. */
type Use =
  /** A result of the step comes of it. */
  | "result"
  /** It is left out where something else is chosen. */
  | "unchosen"
  /** It ends in a finite number otherwise, as in a saturated gate. */
  | "saturated"
  /** Only gradients read it. */
  | "gradient";

/** Finds the use that the forward pass makes of an operation's bad output. */
export function useOf(graph: Graph, lasting: Lasting, operation: TraceOperation): Use {
  if (lasting.forward.has(operation)) return "result";
  let saturated = false;
  const read = readersOf(graph, operation, ({ phase }) => phase === "forward");
  for (const { operation: name, outputs } of read) {
    if (outputs.some(isBad)) continue;
    const kind = kindOf(name);
    if (CHOOSES.includes(kind)) return "unchosen";
    if (!LOOKS.includes(kind)) saturated = true;
  }
  return saturated ? "saturated" : "gradient";
}

/** True where a bad value of the forward pass is of a branch that is not used: the gradient that reads it is at fault. */
export function isUnused(graph: Graph, lasting: Lasting, operation: TraceOperation): boolean {
  if (operation.phase !== "forward") return false;
  const use = useOf(graph, lasting, operation);
  if (use === "unchosen") return true;
  const spoilt = use === "saturated" ? firstSpoilt(graph, operation) : null;
  return spoilt !== null && unselectedAt(graph, spoilt) !== null;
}

/** The first gradient that an operation's bad output makes NaN of. */
export function firstSpoilt(graph: Graph, operation: TraceOperation): TraceOperation | null {
  const read = readersOf(graph, operation, ({ phase }) => phase !== "update");
  const spoilt = read.filter(
    (reader) => reader.phase === "backward" && hasNaN(reader.outputs) && !hasNaN(gradientsOf(graph, reader)),
  );
  return spoilt.sort((a, b) => graph.positionOf(a) - graph.positionOf(b))[0] ?? null;
}

/** The operations that read an operation's bad outputs, or bad ones made of those outside of gradients. */
function readersOf(
  graph: Graph,
  operation: TraceOperation,
  counts: (reader: TraceOperation) => boolean,
): TraceOperation[] {
  const found = new Set<TraceOperation>();
  const waiting = [operation];
  for (let one = waiting.pop(); one !== undefined && found.size < FAR; one = waiting.pop())
    for (const { id } of badOnes(one.outputs))
      for (const position of graph.readersAfter(id, graph.positionOf(one))) {
        const reader = graph.operations[position];
        if (reader === undefined || found.has(reader) || !counts(reader)) continue;
        found.add(reader);
        if (reader.phase === "forward") waiting.push(reader);
      }
  return [...found];
}
