import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../../documents/errors.ts";
import { shellWord } from "../../../documents/printable.ts";
import { firstBadByte, looksLikeUtf16 } from "../../../documents/utf8.ts";

/** Largest text that is read, in bytes: its words are held in memory. */
const MAX_BYTES = 2 ** 28;

/**
 * Reads a UTF-8 text whole, without its byte order mark; nothing is replaced or guessed.
 * @param path As the case names it, relative to `folder`; messages name both.
 * @throws UsageError when it is missing, is no regular file, is too large, empty, or not UTF-8.
 */
export function readText(path: string, folder: string): string {
  const file = join(folder, path);
  const bytes = readBytes(file);
  if (!isUtf8(bytes) || looksLikeUtf16(bytes)) throw notUtf8(file, bytes);
  const text = bytes.toString("utf8");
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (body === "")
    throw new UsageError(
      "NANPROOF_E_TEXT_EMPTY",
      `text ${shellWord(file)}: the file is empty`,
      "give a file with sentences in it",
    );
  return body;
}

function readBytes(file: string): Buffer {
  try {
    const stat = statSync(file);
    if (!stat.isFile())
      throw new UsageError(
        "NANPROOF_E_TEXT_NOT_A_FILE",
        `text ${shellWord(file)}: is ${stat.isDirectory() ? "a directory" : "no regular file"}`,
        "name one UTF-8 text file",
      );
    if (stat.size > MAX_BYTES)
      throw new UsageError(
        "NANPROOF_E_TEXT_TOO_LARGE",
        `text ${shellWord(file)}: has ${stat.size} bytes, over the bound of ${MAX_BYTES}`,
        "cut a part of it out, for example with head -c 100000000",
      );
    return readFileSync(file);
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): UsageError {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  if (code === "ENOENT")
    return new UsageError(
      "NANPROOF_E_TEXT_MISSING",
      `text ${shellWord(file)}: there is no such file`,
      "check the path, which starts from the working directory, or in a fixture from its folder",
    );
  return new UsageError(
    "NANPROOF_E_TEXT_UNREADABLE",
    `text ${shellWord(file)}: cannot be read (${code})`,
    "check the path and its permissions",
  );
}

function notUtf8(file: string, bytes: Uint8Array): UsageError {
  if (looksLikeUtf16(bytes))
    return new UsageError(
      "NANPROOF_E_TEXT_NOT_UTF8",
      `text ${shellWord(file)}: is UTF-16, not UTF-8`,
      "convert it, for example with iconv -f UTF-16 -t UTF-8",
    );
  const offset = firstBadByte(bytes) ?? 0;
  const byte = (bytes[offset] ?? 0).toString(16).padStart(2, "0");
  return new UsageError(
    "NANPROOF_E_TEXT_NOT_UTF8",
    `text ${shellWord(file)}: is not UTF-8: byte 0x${byte} at byte offset ${offset} begins no valid character`,
    "convert it, for example with iconv -f WINDOWS-1252 -t UTF-8",
  );
}
