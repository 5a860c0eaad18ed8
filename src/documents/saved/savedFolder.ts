import { lstatSync, mkdirSync, readdirSync, rmdirSync, type Stats, unlinkSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import { kindOf } from "./plainFile.ts";

/** The folder, inside that of the fixtures, of what is needed to go on. */
export const SAVED_FOLDER = ".nanproof";

/**
 * The names in the folder of what is needed to go on; none where there is no such folder.
 * @param folder That of the fixtures.
 * @throws UsageError when something else has its name, a link included.
 */
export function savedNames(folder: string): string[] {
  const place = join(folder, SAVED_FOLDER);
  return guarded(place, () => (isFolder(place) ? readdirSync(place) : []));
}

/**
 * Makes the folder of what is needed to go on.
 * @returns Its path.
 * @throws UsageError when it cannot be made, or something else has its name, a link included.
 */
export function makeSavedFolder(folder: string): string {
  const place = join(folder, SAVED_FOLDER);
  return guarded(place, () => {
    if (!isFolder(place)) mkdirSync(place, { recursive: true });
    return place;
  });
}

/** Removes a file, or a link itself; leaves what cannot be removed. */
export function removeIfPossible(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone already, a folder, or not ours.
  }
}

/** Removes a folder where nothing is in it. */
export function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It is not empty, or gone already.
  }
}

function isFolder(place: string): boolean {
  const stats = lstatSync(place, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (!stats.isDirectory()) throw inTheWay(place, stats);
  return true;
}

function inTheWay(place: string, stats: Stats): UsageError {
  return new UsageError(
    "NANPROOF_E_SAVED",
    `${place}: is ${kindOf(stats)}; nanproof keeps a folder there, with what is needed to go on`,
    "move it away, or give another --out",
  );
}

function guarded<T>(place: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      "NANPROOF_E_SAVED",
      `${place}: cannot be used (${(error as Error).message})`,
      "give read and write access to it, or give another --out",
    );
  }
}
