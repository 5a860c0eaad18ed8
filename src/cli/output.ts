import { encodeFloat32 } from "../numerics/float32.ts";
import { type FromCommand, mainThread } from "./messages.ts";

/** Writes a part of a command's result to stdout. */
export function print(text: string): void {
  const main = mainThread();
  if (main === null) process.stdout.write(`${text}\n`);
  else main.postMessage({ kind: "print", text } satisfies FromCommand);
}

/** Writes warnings, and progress that stays, to stderr. */
export function note(text: string): void {
  const main = mainThread();
  if (main === null) process.stderr.write(`${text}\n`);
  else main.postMessage({ kind: "note", text } satisfies FromCommand);
}

/**
 * Shows where a command stands in a line of its own; null takes it away. Nothing where no command runs.
 * @param after Milliseconds that it must go on for before it is worth a line.
 */
export function showProgress(line: string | null, after: number): void {
  mainThread()?.postMessage({ kind: "progress", line, after } satisfies FromCommand);
}

/** Writes the one JSON document of a command to stdout; NaN and infinities become strings. */
export function printJson(document: unknown): void {
  print(
    JSON.stringify(document, (_key, value) =>
      typeof value === "number" && !Number.isFinite(value) ? encodeFloat32(value) : value,
    ),
  );
}
