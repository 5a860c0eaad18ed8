import type { UsageError } from "../documents/errors.ts";
import { printable, printableJson } from "../documents/printable.ts";
import { encodeFloat32 } from "../numerics/float32.ts";
import type { ProgressMode } from "./flags/progressFlag.ts";
import { type FromCommand, mainThread } from "./messages.ts";
import type { TimedProgress } from "./progress.ts";

/** Writes a part of a command's result to stdout, an entry a line: a line break inside one is shown, not made. */
export function print(lines: readonly string[]): void {
  send(lines.map(printable).join("\n"), "words");
}

/** Writes a warning, or progress that stays, to stderr, on one line. */
export function note(line: string): void {
  const text = printable(line);
  const main = mainThread();
  if (main === null) process.stderr.write(`${text}\n`);
  else main.postMessage({ kind: "note", text } satisfies FromCommand);
}

/**
 * Shows the progress of a command in a line of its own; null takes it away. Does nothing where no command runs.
 * @param after Milliseconds that it must go on for before it is worth a line.
 */
export function showProgress(progress: TimedProgress | null, after: number): void {
  const shown = progress && { ...progress, head: printable(progress.head), tail: printable(progress.tail) };
  mainThread()?.postMessage({ kind: "progress", progress: shown, after } satisfies FromCommand);
}

/** Sets the form of a command's progress from now on. */
export function setProgressMode(mode: ProgressMode, command: string): void {
  mainThread()?.postMessage({ kind: "progressMode", mode, command } satisfies FromCommand);
}

/** An error of the user's, or of their disk, as it is shown, line by line. */
export function errorLines({
  code,
  message,
  hint,
  details = [],
}: Pick<UsageError, "code" | "message" | "hint"> & Partial<Pick<UsageError, "details">>): readonly string[] {
  return [...details.map((line) => `  ${line}`), `nanproof: ${message}`, `  ${hint}  [${code}]`];
}

/** An error of our own: what was thrown, on one line, then where. */
export function bugLines(error: unknown): readonly string[] {
  const first = "nanproof: this is a bug in nanproof, please report it with the command that shows it";
  if (!(error instanceof Error)) return [first, String(error)];
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  return [first, `${error.name}: ${error.message}`, ...frames];
}

/** Writes the one JSON document of a command to stdout; NaN and infinities become strings. */
export function printJson(document: unknown): void {
  send(jsonText(document), "document");
}

/** A JSON document as it is printed; NaN and infinities become strings. */
export function jsonText(document: unknown): string {
  const json = JSON.stringify(document, (_key, value) =>
    typeof value === "number" && !Number.isFinite(value) ? encodeFloat32(value) : value,
  );
  return printableJson(json);
}

/** Writes a document whose text is safe already, whole, to stdout. */
export function printDocument(text: string): void {
  send(text, "document");
}

/** Writes commands to the runner of a build, a line each; their text is escaped already. */
export function announce(lines: readonly string[], where: "stdout" | "stderr"): void {
  const text = lines.join("\n");
  const main = mainThread();
  if (where === "stdout") send(text, "document");
  else if (main === null) process.stderr.write(`${text}\n`);
  else main.postMessage({ kind: "announce", text } satisfies FromCommand);
}

function send(text: string, form: "words" | "document"): void {
  const main = mainThread();
  if (main === null) process.stdout.write(`${text}\n`);
  else main.postMessage({ kind: "print", text, isDocument: form === "document" } satisfies FromCommand);
}
