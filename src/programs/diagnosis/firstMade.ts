import { isBad, type TraceOperation, type TraceValue } from "../trace/trace.ts";
import { type Evidence, evidenceOf } from "./evidence.ts";
import { badOnes, type Graph, hasNaN } from "./graph.ts";
import { kindOf, passesOn } from "./kinds.ts";
import { gradientsOf, type Lasting } from "./lasting.ts";
import { isUnused, useOf } from "./unused.ts";

/** The operation that a death is looked for at: the first that made a bad value that lasts, or was given one. */
export function firstMade(graph: Graph, lasting: Lasting): Evidence | null {
  const { chain } = lasting;
  const makers = chain.filter((operation) => makes(graph, operation));
  const maker = makers.find((operation) => !isUnused(graph, lasting, operation)) ?? makers[0];
  const taker = chain.find(({ inputs }) => inputs.some((input) => isGiven(graph, chain, input)));
  if (taker !== undefined && (maker === undefined || comesBefore(graph, taker, maker))) {
    const given = taker.inputs.find((input) => isGiven(graph, chain, input)) ?? null;
    return evidenceOf(graph, lasting, readerOf(chain, taker), { given });
  }
  if (maker !== undefined) {
    const residual = maker.phase === "forward" && useOf(graph, lasting, maker) === "gradient";
    return evidenceOf(graph, lasting, maker, residual ? { phase: "backward" } : {});
  }
  const first = chain.find(({ operation }) => !passesOn(kindOf(operation))) ?? chain[0];
  if (first === undefined) return null;
  const given = badOnes(first.inputs)[0] ?? badOnes(first.outputs)[0] ?? null;
  return evidenceOf(graph, lasting, first, { given });
}

/**
 * True of an operation that makes a non-finite value of finite ones, or NaN of infinite ones. In the backward pass a NaN is made
 * where no gradient that comes in is NaN, whatever the forward values are.
 */
function makes(graph: Graph, operation: TraceOperation): boolean {
  const { inputs, outputs, phase } = operation;
  if (inputs.length === 0 || passesOn(kindOf(operation.operation))) return false;
  if (!inputs.some(isBad)) return true;
  const gradients = gradientsOf(graph, operation);
  // A copy or cast of a forward value is no gradient, and makes nothing.
  if (phase === "backward" && gradients.length === 0 && hasNaN(inputs)) return false;
  return hasNaN(outputs) && !hasNaN(phase === "backward" ? gradients : inputs);
}

/** True of a value that was bad before the step. A mask of 0 and -Infinity in the batch is there on purpose. */
function isGiven(graph: Graph, chain: readonly TraceOperation[], value: TraceValue): boolean {
  const { name, nan, max, high } = value;
  if (name === null || !isBad(value)) return false;
  const isMask = name.startsWith("batch/") && nan === 0 && max === 0 && high <= 0;
  const first = chain[0];
  return !isMask && (first === undefined || graph.makerBefore(value.id, graph.positionOf(first)) === null);
}

function comesBefore(graph: Graph, a: TraceOperation, b: TraceOperation): boolean {
  return graph.positionOf(a) <= graph.positionOf(b);
}

/** The first operation that computes with what an operation was given: views and copies of it are passed by. */
function readerOf(chain: readonly TraceOperation[], taker: TraceOperation): TraceOperation {
  const ids = new Set(badOnes(taker.inputs).map(({ id }) => id));
  for (const operation of chain.slice(chain.indexOf(taker))) {
    if (!operation.inputs.some(({ id }) => ids.has(id))) continue;
    if (!passesOn(kindOf(operation.operation))) return operation;
    for (const { id } of badOnes(operation.outputs)) ids.add(id);
  }
  return taker;
}
