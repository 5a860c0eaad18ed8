import { lstatSync } from "node:fs";
import * as z from "zod";
import { UsageError } from "../../documents/errors.ts";
import { readPlainFile } from "../../documents/saved/plainFile.ts";
import { isAlive, machineName, startOf } from "./processIdentity.ts";

const MOST_BYTES = 4096;
/** A lock of another machine, whose processes cannot be seen from here, is stale when untouched for this long. */
const FOREIGN_MS = 60_000;

const holderSchema = z.strictObject({
  pid: z.int().min(1),
  /** Tells it apart from a later process with the same number; null where the system does not say. */
  start: z.string().nullable(),
  machine: z.string(),
});
/** The process that holds a lock. */
export type Holder = z.infer<typeof holderSchema>;

/** This process. */
export function ownHolder(): Holder {
  return { pid: process.pid, start: startOf(process.pid), machine: machineName() };
}

/** The holder that a lock names; null where it names none: then its writer was killed at it. */
export function holderOf(path: string): Holder | null {
  try {
    const text = readPlainFile(path, MOST_BYTES)?.toString("utf8");
    return text === undefined ? null : (holderSchema.safeParse(JSON.parse(text)).data ?? null);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return null;
  }
}

/** True while the holder of a lock is at work. */
export function holds({ pid, start, machine: there }: Holder, path: string): boolean {
  if (there !== machineName()) {
    const touched = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
    return touched !== undefined && Date.now() - touched < FOREIGN_MS;
  }
  if (!isAlive(pid)) return false;
  const now = startOf(pid);
  return start === null || now === null || start === now;
}
