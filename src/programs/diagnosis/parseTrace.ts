import { OPERATION_LIMIT, type Trace, type TraceEnd, type TraceOperation } from "../trace/trace.ts";
import { countOf, textOf } from "./bounds.ts";
import { asBad, asRecord, asValues } from "./parseValue.ts";

const PHASES = ["forward", "backward", "update"] as const;
const LINES_OF = ["operation", "forward", "layer", "call"] as const;

/**
 * A trace from its lines of JSON, whoever wrote them: a line that is no operation is passed over, what is missing is null or 0,
 * and texts are bounded. Notes say what was passed over.
 */
export function parseTrace(lines: Iterable<string>): Trace {
  const operations: TraceOperation[] = [];
  let end: TraceEnd = { end: true, loss: null, gradients: {}, weights: {}, slots: {} };
  let damaged = 0;
  let ended = false;
  for (const line of lines) {
    if (line.trim() === "") continue;
    const record = asRecord(parse(line));
    const operation = record === null ? null : asOperation(record, operations.length);
    if (record?.end === true) {
      end = asEnd(record);
      ended = true;
    } else if (operation === null || operations.length >= OPERATION_LIMIT) damaged++;
    else operations.push(operation);
  }
  const notes = damaged > 0 ? [`${damaged} lines of the trace could not be read`] : [];
  return { operations, end, notes: ended ? notes : [...notes, "the trace has no end"] };
}

function parse(line: string): unknown {
  try {
    // A reviver takes several times as long as the text itself, and few lines need it.
    if (!/"(?:NaN|-?Infinity)"/.test(line)) return JSON.parse(line);
    return JSON.parse(line, (_, value: unknown) =>
      value === "NaN" || value === "Infinity" || value === "-Infinity" ? Number(value) : value,
    );
  } catch {
    return null;
  }
}

function asOperation(record: Record<string, unknown>, n: number): TraceOperation | null {
  const operation = textOf(record.operation);
  if (operation === null) return null;
  const attributes = asRecord(record.attributes);
  const outputs = asValues(record.outputs);
  return {
    n: countOf(record.n) ?? n,
    phase: PHASES.find((phase) => phase === record.phase) ?? "forward",
    operation,
    file: textOf(record.file),
    line: countOf(record.line),
    lineOf: LINES_OF.find((lineOf) => lineOf === record.lineOf) ?? "operation",
    function: textOf(record.function),
    layer: textOf(record.layer),
    execution: countOf(record.execution) ?? 0,
    of: countOf(record.of) ?? 1,
    timestep: countOf(record.timestep),
    inputs: asValues(record.inputs),
    outputs,
    ...(attributes === null ? {} : { attributes }),
    bad: asBad(record.bad, outputs.length),
  };
}

function asEnd(record: Record<string, unknown>): TraceEnd {
  const dropped = countOf(record.dropped);
  return {
    end: true,
    loss: countOf(record.loss),
    gradients: asIds(record.gradients),
    weights: asIds(record.weights),
    slots: asIds(record.slots),
    ...(dropped === null ? {} : { dropped }),
  };
}

function asIds(value: unknown): Record<string, number> {
  const entries = Object.entries(asRecord(value) ?? {}).flatMap(([name, id]) => {
    const count = countOf(id);
    return count === null ? [] : [[name, count] as const];
  });
  return Object.fromEntries(entries);
}
