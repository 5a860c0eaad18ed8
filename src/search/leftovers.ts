import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { removeFile, SAVED_FOLDER, savedNames } from "../fixtures/saved/savedFolder.ts";
import { isTemporaryLock } from "./lock.ts";

/** What a file is called while write-file-atomic writes it: its name, and a number. */
const TEMPORARY = /^[a-z0-9-]+-[0-9a-f]{12}\.(json|bin)\.\d+$/;
/** The binary file of a fixture, which is written before it. */
const BINARY = /^([a-z0-9-]+-[0-9a-f]{12})\.bin$/;

/**
 * Removes what a hunt that was killed left half written in a folder: files that no fixture names.
 * @throws UsageError when what stands in the place of the folder for going on is none.
 */
export function removeLeftovers(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names) {
    const fixture = BINARY.exec(name)?.[1];
    const orphan = fixture !== undefined && !names.includes(`${fixture}.json`);
    if (orphan || TEMPORARY.test(name)) removeFile(join(folder, name));
  }
  for (const name of savedNames(folder))
    if (TEMPORARY.test(name) || isTemporaryLock(name)) removeFile(join(folder, SAVED_FOLDER, name));
}
