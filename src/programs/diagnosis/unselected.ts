import { isBad, type TraceOperation, type TraceValue } from "../trace/trace.ts";
import { type Graph, hasNaN } from "./graph.ts";
import { type Kind, kindOf } from "./kinds.ts";
import { gradientsOf, isGradient } from "./lasting.ts";

/** Operations that a gradient's 0 is followed back through. */
const FAR = 2000;

/** Operations between a mask and the comparisons that it is made of. */
const MASK_DEPTH = 4;

/** Operations that are looked through for the forward values that a gradient is computed of. */
const NEAR = 12;

/**
 * The choice that a gradient is 0 by, where an operation makes NaN of that 0: the backward operation that put the 0 there. A
 * `where` always counts; a clip, a maximum or a relu only where the forward value was not finite, so that it is what they left out.
 */
export function unselectedAt(graph: Graph, operation: TraceOperation): TraceOperation | null {
  if (operation.phase !== "backward" || hasNaN(gradientsOf(graph, operation))) return null;
  const any = hasBadForward(graph, operation);
  const waiting = operation.inputs
    .filter((input, position) => isZeroAt(operation, input, position))
    .map(({ id }) => ({ id, reader: operation }));
  const seen = new Set<number>();
  for (let one = waiting.shift(); one !== undefined && seen.size < FAR; one = waiting.shift()) {
    const maker = makerOf(graph, one.id, one.reader);
    if (maker?.phase !== "backward" || seen.has(one.id)) continue;
    seen.add(one.id);
    if (isChoice(graph, maker, any)) return maker;
    for (const { id, zeros } of maker.inputs) if (zeros > 0) waiting.push({ id, reader: maker });
  }
  return null;
}

/** Forward contents that an operation of the backward pass is computed of, through the operations near to it. */
function forwardIdsOf(graph: Graph, operation: TraceOperation): Set<number> {
  const found = new Set<number>();
  const waiting = [operation];
  for (let looked = 0; looked < NEAR; looked++) {
    const one = waiting.shift();
    if (one === undefined) break;
    for (const { id } of one.inputs) {
      const maker = makerOf(graph, id, one);
      if (maker?.phase !== "backward") found.add(id);
      // Gradients come from elsewhere: only what is computed for the same forward operation belongs here. What is computed
      // for it in the forward pass is in the same phase as the operation that is asked for.
      const isHere = maker?.line === operation.line && maker.file === operation.file;
      if (isHere && (maker.phase === "backward" || operation.phase === "forward")) waiting.push(maker);
    }
  }
  return found;
}

/** Forward operations that read or made what an operation of the backward pass is computed of. */
export function forwardOf(graph: Graph, operation: TraceOperation): TraceOperation[] {
  const before = graph.positionOf(operation);
  const positions = [...forwardIdsOf(graph, operation)].flatMap((id) => [
    ...graph.readersAfter(id, -1),
    ...[graph.makerBefore(id, before)].filter((maker) => maker !== null),
  ]);
  return [...new Set(positions)]
    .filter((position) => position < before)
    .sort((a, b) => a - b)
    .flatMap((position) => graph.operations[position] ?? [])
    .filter(({ phase }) => phase === "forward");
}

function makerOf(graph: Graph, id: number, reader: TraceOperation): TraceOperation | undefined {
  const position = graph.makerBefore(id, graph.positionOf(reader));
  return position === null ? undefined : graph.operations[position];
}

function isZeroAt({ bad }: TraceOperation, { zeros }: TraceValue, position: number): boolean {
  const operand = bad?.operands?.[position] ?? null;
  return operand === null ? zeros > 0 : operand === 0;
}

function hasBadForward(graph: Graph, operation: TraceOperation): boolean {
  if (operation.inputs.some((input) => isBad(input) && !isGradient(graph, input.id, operation))) return true;
  const chosen: Kind[] = ["select", "gate", "move"];
  return forwardOf(graph, operation).some(
    ({ operation: name, outputs }) => outputs.some(isBad) && !chosen.includes(kindOf(name)),
  );
}

function isChoice(graph: Graph, operation: TraceOperation, any: boolean): boolean {
  const kind = kindOf(operation.operation);
  if (kind === "select") return true;
  if (kind === "product" && operation.inputs.some(({ id }) => isCondition(graph, id))) return true;
  return any && (kind === "gate" || operation.inputs.some(({ id }) => isChosenBy(graph, id, operation)));
}

/** True where the forward pass chose by these contents. */
function isCondition(graph: Graph, id: number): boolean {
  return graph.readersAfter(id, -1).some((position) => {
    const reader = graph.operations[position];
    if (reader?.phase !== "forward" || kindOf(reader.operation) !== "select") return false;
    const truths = reader.inputs.filter(({ dtype }) => dtype === "BOOL");
    return (truths.length > 0 ? truths : reader.inputs.slice(0, 1)).some((input) => input.id === id);
  });
}

/** True of contents that say what was chosen: a comparison, a choice between constants, or what is made of these alone. */
function isChosenBy(graph: Graph, id: number, reader: TraceOperation, depth = 0): boolean {
  const maker = makerOf(graph, id, reader);
  if (maker === undefined) return false;
  const kind = kindOf(maker.operation);
  if (kind === "compare" || (kind === "gate" && maker.phase === "backward")) return true;
  const passes: Kind[] = ["select", "move", "cast", "product", "divide"];
  if (depth >= MASK_DEPTH || !passes.includes(kind)) return false;
  const made = maker.inputs.filter((input) => !isConstant(graph, input.id, maker));
  return made.length > 0 && made.every((input) => isChosenBy(graph, input.id, maker, depth + 1));
}

/** True of contents that the program wrote down, or that are copies of such. */
function isConstant(graph: Graph, id: number, reader: TraceOperation, depth = 0): boolean {
  const maker = makerOf(graph, id, reader);
  if (maker === undefined) return reader.inputs.some((input) => input.id === id && input.name === null);
  const kind = kindOf(maker.operation);
  if (kind === "constant" || maker.inputs.length === 0) return true;
  const copies = kind === "move" && depth < MASK_DEPTH;
  return copies && maker.inputs.every((input) => isConstant(graph, input.id, maker, depth + 1));
}
