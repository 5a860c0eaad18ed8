import type { UsageError } from "../cases/errors.ts";
import { writeAll } from "../fixtures/writeAll.ts";
import { encodeFloat32 } from "../numerics/float32.ts";

/**
 * Writes a command's result to stdout, all of it before it returns. Where it cannot, stdout emits its `error`, as it does
 * for writes of Node's own.
 */
export function print(text: string): void {
  try {
    writeAll(process.stdout.fd, Buffer.from(`${text}\n`));
  } catch (error) {
    process.stdout.emit("error", error);
  }
}

/** Writes progress and warnings to stderr. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** An error of the user's, or of their disk, as it is shown. */
export function errorText({ code, message, hint }: Pick<UsageError, "code" | "message" | "hint">): string {
  return `nanproof: ${message}\n  ${hint}  [${code}]`;
}

/** Writes the one JSON document of a command to stdout; NaN and infinities become strings. */
export function printJson(document: unknown): void {
  print(
    JSON.stringify(document, (_key, value) =>
      typeof value === "number" && !Number.isFinite(value) ? encodeFloat32(value) : value,
    ),
  );
}
