import type { UsageError } from "../cases/errors.ts";
import { printable, printableJson } from "../cases/printable.ts";
import { writeAll } from "../fixtures/writeAll.ts";
import { encodeFloat32 } from "../numerics/float32.ts";

/** Writes a command's result to stdout, an entry a line: a line break inside one is shown, not made. */
export function print(lines: readonly string[]): void {
  write(lines.map((line) => `${printable(line)}\n`).join(""));
}

/** Writes progress or a warning to stderr, on one line. */
export function note(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/** An error of the user's, or of their disk, as it is shown, line by line. */
export function errorLines({
  code,
  message,
  hint,
}: Pick<UsageError, "code" | "message" | "hint">): readonly string[] {
  return [`nanproof: ${message}`, `  ${hint}  [${code}]`];
}

/** Writes the one JSON document of a command to stdout; NaN and infinities become strings. */
export function printJson(document: unknown): void {
  const json = JSON.stringify(document, (_key, value) =>
    typeof value === "number" && !Number.isFinite(value) ? encodeFloat32(value) : value,
  );
  write(`${printableJson(json)}\n`);
}

/** All of it before it returns. Where it cannot, stdout emits its `error`, as it does for writes of Node's own. */
function write(text: string): void {
  try {
    writeAll(process.stdout.fd, Buffer.from(text));
  } catch (error) {
    process.stdout.emit("error", error);
  }
}
