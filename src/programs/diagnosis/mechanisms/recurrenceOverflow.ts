import type { Evidence, Judge } from "../evidence.ts";
import { overflowed } from "../evidence.ts";
import { growthOf } from "../growth.ts";
import { outputType, shown, typeOf } from "../number.ts";

/** A place that computes on with what it made, growing geometrically up to the overflow; or a fused recurrent layer. */
export const recurrenceOverflow: Judge = (evidence) => {
  const { graph, operation, kind, given, fromInfinity } = evidence;
  if (kind === "recurrent" && given === null && !fromInfinity) return fused(evidence);
  if (!overflowed(evidence)) return null;
  const growth = growthOf(graph, operation);
  if (growth === null) return null;
  const { timestep, execution, of } = operation;
  const type = typeOf(outputType(operation));
  const by = timestep === null ? byExecution(growth.stride) : "a timestep";
  const when =
    timestep === null
      ? `in execution ${execution + 1} of ${Math.max(of, execution + 1)}`
      : `at timestep ${timestep}`;
  return {
    detail: `its output grows by a factor of ${shown(growth.factor)} ${by} and passes ${type} ${when}`,
    because: `The place was executed ${growth.executions} times, each time on what it had made before; the largest magnitude went from ${shown(growth.from)} past ${type}.`,
  };
};

function byExecution(stride: number): string {
  return stride === 1 ? "from one execution to the next" : `every ${stride} executions`;
}

function fused({ operation }: Evidence) {
  return {
    detail: "the layer is one operation, which hides the timestep",
    because: `${operation.operation} is a whole recurrent layer: its inputs are finite, its output is not.`,
  };
}
