import { encodeFloat32 } from "../numerics/float32.ts";

/** Writes a command's result to stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes progress and warnings to stderr. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Writes the one JSON document of a command to stdout; NaN and infinities become strings. */
export function printJson(document: unknown): void {
  print(
    JSON.stringify(document, (_key, value) =>
      typeof value === "number" && !Number.isFinite(value) ? encodeFloat32(value) : value,
    ),
  );
}
