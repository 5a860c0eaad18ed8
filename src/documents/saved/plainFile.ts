import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { UsageError } from "../errors.ts";

/** Neither follows a link nor waits for the other end of a pipe, should one take the file's place; Windows has neither. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a file that nanproof itself has written where others may write too.
 * @returns Null where there is none.
 * @throws UsageError when something else is there: a link, a folder, a pipe, a device, or more bytes than given.
 */
export function readPlainFile(path: string, mostBytes: number): Buffer | null {
  try {
    if (!isPlainFile(path)) return null;
    const file = openSync(path, FLAGS);
    try {
      checkPlain(path, fstatSync(file), mostBytes);
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw refusal(path, `cannot be read (${(error as Error).message})`);
  }
}

/**
 * True where a plain file is there, false where nothing is.
 * @throws UsageError when it is anything else.
 */
export function isPlainFile(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined) checkPlain(path, stats);
  return stats !== undefined;
}

function checkPlain(path: string, stats: Stats, mostBytes = Number.POSITIVE_INFINITY): void {
  if (!stats.isFile()) throw refusal(path, `is ${kindOf(stats)}, no plain file`);
  if (stats.size > mostBytes) throw refusal(path, `has ${stats.size} bytes; at most ${mostBytes} are read`);
}

/** The kind of a file, in words. */
export function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return "a symbolic link";
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe";
  return stats.isFile() ? "a file" : "a device or a socket";
}

function refusal(path: string, what: string): UsageError {
  return new UsageError("NANPROOF_E_SAVED", `${path}: ${what}`, "remove it to begin from the start");
}
