import type { TraceOperation } from "../../trace/trace.ts";
import type { Evidence, Judge } from "../evidence.ts";
import { kindOf } from "../kinds.ts";

/** A softmax of a row of -Infinity only, as one operation or taken apart into those that a framework makes of it. */
export const softmaxOfNothing: Judge = (evidence) => {
  const { kind, value, fromInfinity, operation, given } = evidence;
  if (given !== null || !Number.isNaN(value) || !fromInfinity) return null;
  const [scores] = operation.inputs;
  const isOne = kind === "softmax" && operation.inputs.every(({ high }) => high !== Number.POSITIVE_INFINITY);
  const isPart = kind === "subtract" && isWithinSoftmax(evidence);
  if (scores === undefined || (!isOne && !isPart)) return null;
  return { because: `${scores.inf} of the scores are -Infinity, and in a row all of them are.` };
};

/** A difference to the largest score, and its exponential, at one line: the softmax of a framework without such an operation. */
function isWithinSoftmax({ graph, operation }: Evidence): boolean {
  const [scores, largest] = operation.inputs;
  if (scores === undefined || largest === undefined || scores.low !== Number.NEGATIVE_INFINITY) return false;
  if (/softmax/i.test(`${operation.layer ?? ""} ${operation.function ?? ""}`)) return true;
  const after = graph.positionOf(operation);
  const readers = operation.outputs.flatMap(({ id }) => graph.readersAfter(id, after));
  const isHere = (other: TraceOperation | undefined) =>
    other !== undefined && other.line === operation.line && other.file === operation.file;
  const exp = readers.some((position) => {
    const reader = graph.operations[position];
    return isHere(reader) && kindOf(reader?.operation ?? "") === "exp";
  });
  return exp && operation.line !== null;
}
