import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readPlainFile } from "../../documents/saved/plainFile.ts";
import {
  removeIfEmpty,
  removeIfPossible,
  SAVED_FOLDER,
  savedNames,
} from "../../documents/saved/savedFolder.ts";
import { isLeftover } from "../../documents/temporary.ts";
import { isTemporaryLock } from "./lock.ts";

/** An empty folder, made to see whether one can be. */
const PROBE = /^\.nanproof-[A-Za-z0-9]{6}$/;
/** The binary file of a fixture, which is written before it. */
const BINARY = /^[a-z0-9-]+-[0-9a-f]{12}\.bin$/;
const MOST_BYTES = 128 * 2 ** 20;

/**
 * Removes what a hunt that was killed left half written in a folder: files that no fixture names.
 * @throws UsageError when something else has the name of the folder for going on.
 */
export function removeLeftovers(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names) {
    if (isLeftover(name) || (BINARY.test(name) && !isNamed(name, folder, names)))
      removeIfPossible(join(folder, name));
    if (PROBE.test(name)) removeIfEmpty(join(folder, name));
  }
  for (const name of savedNames(folder))
    if (isLeftover(name) || isTemporaryLock(name)) removeIfPossible(join(folder, SAVED_FOLDER, name));
}

/** True where some fixture may name a binary file, whatever that fixture is called by now. */
function isNamed(binary: string, folder: string, names: readonly string[]): boolean {
  const fixtures = names.filter((name) => name.endsWith(".json"));
  return fixtures.some((name) => {
    try {
      return readPlainFile(join(folder, name), MOST_BYTES)?.includes(binary);
    } catch {
      return true;
    }
  });
}
