import { type Judge, overflowed } from "../evidence.ts";
import { kindOf } from "../kinds.ts";
import { magnitudeOf } from "../number.ts";
import { isSquare } from "../squares.ts";

/** A square overflows, or a sum or norm of finite squares. */
export const sumOfSquaresOverflow: Judge = (evidence) => {
  const { kind, operation, graph, operands } = evidence;
  if (!overflowed(evidence)) return null;
  const of = magnitudeOf(operation.inputs[0], operands[0]);
  if (isSquare(operation) || kind === "norm" || kind === "normalise")
    return { because: `${operation.operation} squares ${of}.` };
  if (kind !== "sum" && kind !== "mean") return null;
  const position = graph.makerBefore(operation.inputs[0]?.id ?? -1, graph.positionOf(operation));
  const maker = position === null ? undefined : graph.operations[position];
  return maker !== undefined && (isSquare(maker) || kindOf(maker.operation) === "norm")
    ? { because: `${operation.operation} adds squares up, each of them ${of}.` }
    : null;
};
