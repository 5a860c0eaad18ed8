import { printable, printableJson } from "../cases/printable.ts";
import { encodeFloat32 } from "../numerics/float32.ts";

/** Writes a command's result to stdout, an entry a line: a line break inside one is shown, not made. */
export function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${printable(line)}\n`).join(""));
}

/** Writes progress or a warning to stderr, on one line. */
export function note(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/** Writes the one JSON document of a command to stdout; NaN and infinities become strings. */
export function printJson(document: unknown): void {
  const json = JSON.stringify(document, (_key, value) =>
    typeof value === "number" && !Number.isFinite(value) ? encodeFloat32(value) : value,
  );
  process.stdout.write(`${printableJson(json)}\n`);
}
