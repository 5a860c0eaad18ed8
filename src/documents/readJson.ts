import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import type * as z from "zod";
import { UsageError } from "./errors.ts";
import { shellWord } from "./printable.ts";
import { scanJson } from "./scanJson.ts";
import { describeIssues } from "./schemaIssues.ts";
import { firstBadByte, looksLikeUtf16 } from "./utf8.ts";

/** JSON files past this size are refused unread. */
const MAX_JSON_BYTES = 128 * 2 ** 20;

/**
 * Reads a JSON file and checks it against a schema. Whatever is wrong is reported before anything
 * is made of the contents.
 * @param noun The name of what the file should be: "fixture", "recording".
 * @throws UsageError naming the file, the field, the value and the remedy.
 */
export function readJson<T>(path: string, noun: string, schema: z.ZodType<T>): T {
  const text = readText(path, noun);
  scanJson(path, text);
  const json = parse(path, noun, text);
  const version =
    typeof json === "object" && json !== null && "schemaVersion" in json ? json.schemaVersion : 1;
  if (typeof version === "number" && version > 1)
    throw new UsageError(
      "NANPROOF_E_NEWER_SCHEMA",
      `${shellWord(path)}: schemaVersion is ${version}; this nanproof reads version 1`,
      "install a newer nanproof to read it",
    );
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new UsageError(
    "NANPROOF_E_INVALID",
    `${shellWord(path)}: ${describeIssues(json, result.error.issues)}`,
    `correct the field, or write the ${noun} again; schemas/${noun}.json describes the format`,
  );
}

function readText(path: string, noun: string): string {
  const hint = `give the path of a ${noun}`;
  const bytes = readBytes(path, noun, hint);
  if (bytes.length === 0)
    throw new UsageError(
      "NANPROOF_E_EMPTY",
      `${shellWord(path)}: is empty`,
      `restore the ${noun} or write it again`,
    );
  if (looksLikeUtf16(bytes))
    throw new UsageError(
      "NANPROOF_E_NOT_UTF8",
      `${shellWord(path)}: is UTF-16, not UTF-8`,
      "convert it, for example with iconv -f UTF-16 -t UTF-8",
    );
  if (!isUtf8(bytes)) {
    const bad = firstBadByte(bytes) ?? 0;
    const byte = (bytes[bad] ?? 0).toString(16).padStart(2, "0");
    throw new UsageError(
      "NANPROOF_E_NOT_UTF8",
      `${shellWord(path)}: is not UTF-8: byte 0x${byte} at byte offset ${bad} begins no valid character`,
      hint,
    );
  }
  return new TextDecoder().decode(bytes);
}

function readBytes(path: string, noun: string, hint: string): Buffer {
  try {
    const stats = statSync(path);
    if (!stats.isFile())
      throw new UsageError(
        "NANPROOF_E_NOT_A_FILE",
        `${shellWord(path)}: is ${stats.isDirectory() ? "a directory" : "no regular file"}`,
        hint,
      );
    if (stats.size > MAX_JSON_BYTES)
      throw new UsageError(
        "NANPROOF_E_TOO_LARGE",
        `${shellWord(path)}: has ${stats.size} bytes; a ${noun} has at most ${MAX_JSON_BYTES}`,
        hint,
      );
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such file" : `cannot be read (${message})`;
    throw new UsageError("NANPROOF_E_UNREADABLE", `${shellWord(path)}: ${reason}`, hint);
  }
}

function parse(path: string, noun: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      "NANPROOF_E_NOT_JSON",
      `${shellWord(path)}: is not JSON: ${(error as Error).message.replace(/\s+/g, " ")}`,
      `the file may be truncated: restore the ${noun} or write it again`,
    );
  }
}
