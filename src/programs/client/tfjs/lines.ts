import type { TraceOperation } from "../../trace/trace.ts";
import type { Frame } from "../stack.ts";
import type { Place } from "./places.ts";

/** The line of an operation, as a trace has it. */
export type Line = Pick<TraceOperation, "file" | "line" | "lineOf" | "function">;

/** The line to show of a place: the person's own within the step, else where the layer was made, else the call of the step. */
export function lineOf(place: Place, layerLine: Frame | null, call: Frame | null): Line {
  if (place.own !== null) return { ...lineFields(place.own), lineOf: "operation" };
  if (layerLine !== null) return { ...lineFields(layerLine), lineOf: "layer" };
  if (call !== null) return { ...lineFields(call), lineOf: "call" };
  return { file: null, line: null, function: null, lineOf: "call" };
}

function lineFields({ file, line, function: name }: Frame) {
  return { file, line, function: name };
}
