import { type Judge, overflowed } from "../evidence.ts";
import type { Kind } from "../kinds.ts";
import { magnitudeOf } from "../number.ts";
import { isSquare, isSummed } from "../squares.ts";

const NORMS: readonly Kind[] = ["norm", "sum", "mean"];

/** The norm of finite gradients overflows after they are made, and what becomes of it reaches the gradients that are used. */
export const nonFiniteClipNorm: Judge = (evidence) => {
  const { phase, kind, operation, graph } = evidence;
  if (phase !== "update" || !overflowed(evidence)) return null;
  const isNorm = NORMS.includes(kind) || isSquare(operation);
  if (!isNorm) return null;
  const reached = graph.reachedBy(operation);
  const knowsGradients = graph.results.some(({ of }) => of === "gradients");
  const clips = knowsGradients
    ? reached.some(({ of }) => of === "gradients")
    : NORMS.includes(kind) || isSummed(graph, operation);
  if (!clips) return null;
  return {
    because: `The gradients are ${magnitudeOf(operation.inputs[0], null)}, and finite; their squares are not.`,
  };
};
