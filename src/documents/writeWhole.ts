import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
} from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "./errors.ts";
import { syncFolder } from "./syncFolder.ts";
import { temporaryName } from "./temporary.ts";
import { writeAll } from "./writeAll.ts";

/** Options of {@link writeWhole}. */
export interface WriteOptions {
  /** `follow` writes the file that a symbolic link names, `replace` (default) replaces the link itself. */
  link?: "follow" | "replace";
}

/**
 * Writes a file whole or not at all; every file that nanproof keeps is written here. The contents go to a temporary
 * file in the same folder, are brought to the disk and get the name then, so that at any moment, a loss of power
 * included, the name has the old contents or the new ones. A file that is there keeps its mode and owner.
 * @throws UsageError with path and reason; the old file is as it was then, and the temporary one is gone.
 */
export function writeWhole(
  path: string,
  contents: string | Uint8Array,
  { link = "replace" }: WriteOptions = {},
): void {
  const bytes = typeof contents === "string" ? Buffer.from(contents) : contents;
  try {
    const made = mkdirSync(dirname(path), { recursive: true });
    const target = link === "follow" ? linked(path) : path;
    const folder = dirname(target);
    const temporary = join(folder, temporaryName());
    const old = lstatSync(target, { throwIfNoEntry: false });
    try {
      writeTemporary(temporary, bytes, old?.isFile() ? old : null);
      renameSync(temporary, target);
    } catch (error) {
      attempt(() => rmSync(temporary, { force: true }));
      throw error;
    }
    syncFolder(folder, made);
  } catch (error) {
    throw unwritten(path, error);
  }
}

/**
 * Removes a file; one that is not there is no mistake.
 * @throws UsageError with path and reason.
 */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw unwritten(path, error);
  }
}

/** True for the error of a file that could not be written, and for no other. */
export function isUnwritten(error: unknown): error is UsageError {
  return error instanceof UsageError && error.code === "NANPROOF_E_WRITE";
}

function writeTemporary(path: string, bytes: Uint8Array, old: Stats | null): void {
  // Never one that is there, nor through a link that someone else has put there.
  const descriptor = openSync(path, "wx", old === null ? 0o666 : old.mode & 0o777);
  try {
    writeAll(descriptor, bytes);
    if (old !== null) {
      // Who may not give the file away is its owner from now on.
      attempt(() => fchownSync(descriptor, old.uid, old.gid));
      attempt(() => fchmodSync(descriptor, old.mode & 0o7777));
    }
    fsyncSync(descriptor);
  } catch (error) {
    attempt(() => closeSync(descriptor));
    throw error;
  }
  closeSync(descriptor);
}

/** The file that a path leads to; the path itself where there is none yet. */
function linked(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return path;
    throw error;
  }
}

/** Does what may fail without harm. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // What it was for has failed already, or goes on without it.
  }
}

function unwritten(path: string, error: unknown): UsageError {
  return new UsageError(
    "NANPROOF_E_WRITE",
    `${path}: cannot be written (${(error as Error).message})`,
    "make room and give write access to its folder",
  );
}
