import { readFileSync } from "node:fs";
import type { Trace, TraceEnd, TraceOperation } from "../trace/trace.ts";

/** Reads a trace as a host wrote it. */
export function readTrace(path: string): Trace {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const parsed = lines.map((line) => JSON.parse(line, revive) as unknown);
  return {
    operations: parsed.slice(0, -1) as TraceOperation[],
    end: parsed.at(-1) as TraceEnd,
    notes: [],
  };
}

/** The line of a file, from 1, that ends in this comment. */
export function markedLine(file: string, comment: string): number {
  return (
    readFileSync(file, "utf8")
      .split("\n")
      .findIndex((line) => line.endsWith(`// ${comment}`)) + 1
  );
}

function revive(_: string, value: unknown): unknown {
  return value === "NaN" || value === "Infinity" || value === "-Infinity" ? Number(value) : value;
}
