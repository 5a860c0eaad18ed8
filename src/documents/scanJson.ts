import { UsageError } from "./errors.ts";
import { fieldName } from "./fieldName.ts";
import { shellWord } from "./printable.ts";

/** Deeper than any file of ours; a parser or a printer that recurses gives up at thousands. */
const MAX_DEPTH = 64;
/** Levels of a path too deep that a message names. */
const SHOWN_DEPTH = 8;
/** Lists and objects in one file; each takes tens of bytes of memory for two or three of the file. */
const MAX_CONTAINERS = 4_000_000;

/** An object or list that is open at this point of the scan. */
interface Frame {
  /** Keys so far; null in a list. */
  keys: Set<string> | null;
  /** The key or index at hand. */
  at: string | number;
}

/**
 * Scans JSON text before it is parsed and refuses what JSON.parse would take: nesting without
 * end, more lists than memory holds, and a key twice in one object (the first would be lost
 * without a word). Text that is no JSON is left to JSON.parse.
 * @throws UsageError naming the field.
 */
export function scanJson(path: string, text: string): void {
  const open: Frame[] = [];
  const here = () => fieldName(open.map(({ at }) => at)) || "the document";
  let containers = 0;
  for (let i = 0; i < text.length; i++) {
    const top = open.at(-1);
    switch (text.charCodeAt(i)) {
      case 0x22: {
        const end = endOfString(text, i);
        if (top?.keys && isKey(text, end)) addKey(path, top, text.slice(i, end), here);
        i = end - 1;
        break;
      }
      case 0x5b: // [
      case 0x7b: // {
        containers += 1;
        if (open.length === MAX_DEPTH)
          throw refused(
            path,
            `${fieldName(open.slice(0, SHOWN_DEPTH).map(({ at }) => at))}... is nested ${MAX_DEPTH + 1} levels deep or more; the bound is ${MAX_DEPTH}`,
          );
        if (containers > MAX_CONTAINERS)
          throw refused(path, `the document holds more than ${MAX_CONTAINERS} lists and objects`);
        open.push(text[i] === "[" ? { keys: null, at: 0 } : { keys: new Set(), at: "" });
        break;
      case 0x5d: // ]
      case 0x7d: // }
        open.pop();
        break;
      case 0x2c: // ,
        if (typeof top?.at === "number") top.at += 1;
    }
  }
}

/** Index after the closing quote of the string that starts at `start`; the end of the text where there is none. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) i += 1;
    else if (code === 0x22) return i + 1;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let i = end;
  while (i < text.length && " \t\r\n".includes(text.charAt(i))) i += 1;
  return text.charAt(i) === ":";
}

function addKey(path: string, frame: Frame, quoted: string, here: () => string): void {
  const key = unquoted(quoted);
  frame.at = key;
  if (frame.keys?.has(key))
    throw new UsageError(
      "NANPROOF_E_DUPLICATE_KEY",
      `${shellWord(path)}: ${here()} is given twice`,
      "leave one of them out",
    );
  frame.keys?.add(key);
}

function unquoted(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}

function refused(path: string, what: string): UsageError {
  return new UsageError(
    "NANPROOF_E_TOO_LARGE",
    `${shellWord(path)}: ${what}`,
    "no file of nanproof's is like that: give the path of one",
  );
}
