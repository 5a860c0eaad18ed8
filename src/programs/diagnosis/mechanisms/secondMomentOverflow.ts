import type { TraceOperation } from "../../trace/trace.ts";
import { type Judge, overflowed } from "../evidence.ts";
import type { Graph } from "../graph.ts";
import { magnitudeOf } from "../number.ts";
import { isSquare, isSummed } from "../squares.ts";

/** The square of a finite gradient overflows in a slot of the optimizer. */
export const secondMomentOverflow: Judge = (evidence) => {
  const { phase, kind, operation, graph } = evidence;
  if (phase !== "update" || !overflowed(evidence)) return null;
  const isMoment = kind === "update" ? makesMoment(graph, operation) : isSquare(operation);
  if (!isMoment || isSummed(graph, operation)) return null;
  const largest = operation.inputs.toSorted((a, b) => b.max - a.max)[0];
  return { because: `The gradient is ${magnitudeOf(largest, null)}, and finite; its square is not.` };
};

/** True where a fused update left a slot infinite of which no number is below 0, as of sums of squares. */
function makesMoment(graph: Graph, { outputs }: TraceOperation): boolean {
  const slots = new Set(graph.results.filter(({ of }) => of === "slots").map(({ id }) => id));
  return outputs.some(({ id, inf, low }) => slots.has(id) && inf > 0 && low >= 0);
}
