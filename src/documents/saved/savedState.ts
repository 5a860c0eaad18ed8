import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import * as z from "zod";
import { UsageError } from "../errors.ts";
import { scanJson } from "../scanJson.ts";
import { describeIssues } from "../schemaIssues.ts";
import { writeWhole } from "../writeWhole.ts";
import { isPlainFile, readPlainFile } from "./plainFile.ts";
import { makeSavedFolder, SAVED_FOLDER, savedNames } from "./savedFolder.ts";

/** Files past this size are refused unread. */
const MOST_BYTES = 128 * 2 ** 20;
/** Part of every file's name, so that a file of another format is never taken for one of this. */
const FORMAT = 2;

const envelope = z.strictObject({
  schemaVersion: z.literal(FORMAT),
  /** Of the state as JSON: a number changed by hand would go unnoticed and change what is found. */
  sha256: z.string(),
  state: z.unknown(),
});

/**
 * The file, in a folder of fixtures, in which the state of some work is kept.
 * @param kind The beginning of the file's name.
 * @param of All that the work depends on: other work has another file.
 */
export function savedPath(folder: string, kind: string, of: unknown): string {
  return join(folder, SAVED_FOLDER, `${kind}-${sha256([FORMAT, of]).slice(0, 12)}.json`);
}

/**
 * Reads the state that {@link writeSaved} kept. It comes out as it was written, its keys in the same order.
 * @param schema Checks it and changes nothing.
 * @returns Null where none was kept.
 * @throws UsageError when the file is not what was written.
 */
export function readSaved<T>(path: string, schema: z.ZodType<T>): T | null {
  savedNames(dirname(dirname(path)));
  const bytes = readPlainFile(path, MOST_BYTES);
  if (bytes === null) return null;
  const file = checked(path, jsonOf(path, bytes.toString("utf8")), envelope);
  if (sha256(file.state) !== file.sha256)
    throw damaged(path, "its sha256 is not that of its state: it was changed after it was written");
  return checked(path, file.state, schema);
}

/**
 * Keeps a state, whole or not at all.
 * @throws UsageError when the file cannot be written.
 */
export function writeSaved(path: string, state: unknown): void {
  makeSavedFolder(dirname(dirname(path)));
  // Written through a link, a file somewhere else would be.
  isPlainFile(path);
  writeWhole(path, JSON.stringify({ schemaVersion: FORMAT, sha256: sha256(state), state }));
}

function jsonOf(path: string, text: string): unknown {
  scanJson(path, text);
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(path, "it is not JSON");
  }
}

function checked<T>(path: string, json: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(json);
  if (result.success) return json as T;
  throw damaged(path, describeIssues(json, result.error.issues));
}

function damaged(path: string, what: string): UsageError {
  return new UsageError(
    "NANPROOF_E_SAVED",
    `${path}: this is not how far the work had got: ${what}`,
    "restore the file, or remove it to begin from the start",
  );
}

function sha256(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("hex");
}
