import { closeSync, openSync, writeSync } from "node:fs";
import type { Trace } from "./trace.ts";

/** A JSON text in which numbers that JSON lacks are the strings "NaN", "Infinity", "-Infinity". */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, entry) =>
    typeof entry === "number" && !Number.isFinite(entry) ? String(entry) : entry,
  );
}

/** Writes a trace to a file: one line of JSON an operation, and one for the end. */
export function writeTrace(path: string, { operations, end }: Trace): void {
  const file = openSync(path, "w");
  try {
    let lines: string[] = [];
    for (const operation of operations) {
      lines.push(toJson(operation));
      if (lines.length < 1000) continue;
      writeSync(file, `${lines.join("\n")}\n`);
      lines = [];
    }
    writeSync(file, `${[...lines, toJson(end)].join("\n")}\n`);
  } finally {
    closeSync(file);
  }
}
