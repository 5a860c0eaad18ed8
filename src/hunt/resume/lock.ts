import { randomUUID } from "node:crypto";
import { existsSync, linkSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import {
  makeSavedFolder,
  removeIfEmpty,
  removeIfPossible,
  SAVED_FOLDER,
  savedNames,
} from "../../documents/saved/savedFolder.ts";
import { holderOf, holds, ownHolder } from "./lockHolder.ts";
import { machineName } from "./processIdentity.ts";

/** Locks are numbered: who creates the next number after a stale one, which only one can, has taken it over. */
const LOCK = /^lock-(\d{1,9})$/;
/** The name of a lock while it is written. */
const TEMPORARY = /^lock\.[0-9a-f-]{36}$/;
const TOUCH_MS = 5_000;
const MOST_TRIES = 5;

/** True for the name of a lock that was never finished. */
export function isTemporaryLock(name: string): boolean {
  return TEMPORARY.test(name);
}

/**
 * Locks a folder of fixtures against another hunt in it. The lock of a process that is gone is taken over.
 * @returns A function that releases it, and removes the folder where it was not there before and is empty.
 * @throws UsageError naming the process that hunts there.
 */
export function lockFolder(folder: string): () => void {
  const existed = existsSync(folder);
  const path = createdIn(folder);
  const others = locksIn(folder).filter((other) => other !== path);
  try {
    // One that was created while we looked at those before.
    refuseIfHeld(folder, others);
  } catch (error) {
    removeIfPossible(path);
    throw error;
  }
  for (const other of others) removeIfPossible(other);
  const touching = setInterval(() => touch(path), TOUCH_MS).unref();
  return () => {
    clearInterval(touching);
    removeIfPossible(path);
    removeIfEmpty(dirname(path));
    if (!existed) removeIfEmpty(folder);
  };
}

/** Creates a lock with a number that none has had. Only one of those that start at the same time does. */
function createdIn(folder: string): string {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const place = makeSavedFolder(folder);
    const before = locksIn(folder);
    refuseIfHeld(folder, before);
    const numbers = before.map((path) => Number(LOCK.exec(basename(path))?.[1]));
    const path = join(place, `lock-${1 + Math.max(0, ...numbers)}`);
    if (create(place, path)) return path;
  }
  throw busy(folder, "other hunts come and go there", join(folder, SAVED_FOLDER));
}

function locksIn(folder: string): string[] {
  return savedNames(folder)
    .filter((name) => LOCK.test(name))
    .map((name) => join(folder, SAVED_FOLDER, name));
}

function refuseIfHeld(folder: string, locks: readonly string[]): void {
  for (const path of locks) {
    const holder = holderOf(path);
    if (holder === null || !holds(holder, path)) continue;
    const where = holder.machine === machineName() ? "" : ` on ${holder.machine}`;
    throw busy(folder, `process ${holder.pid}${where} is hunting there`, path);
  }
}

/** Creates our lock, whole at once; false where one of that number is there, or the folder has gone. */
function create(place: string, path: string): boolean {
  const text = JSON.stringify(ownHolder());
  const temporary = join(place, `lock.${randomUUID()}`);
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    if (!linked(temporary, path)) writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (["EEXIST", "ENOENT"].includes(code)) return false;
    throw new UsageError(
      "NANPROOF_E_WRITE",
      `${path}: cannot be written (${message})`,
      "make room and give write access to its folder",
    );
  } finally {
    removeIfPossible(temporary);
  }
}

/** False on a file system that has no hard links. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return false;
    throw error;
  }
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Taken away by hand: nothing to keep fresh.
  }
}

function busy(folder: string, what: string, path: string): UsageError {
  return new UsageError(
    "NANPROOF_E_LOCKED",
    `${folder}: ${what}, and one hunt at a time works in a folder`,
    `wait until it is done, or give another --out; if it is no hunt of yours, remove ${path}`,
  );
}
