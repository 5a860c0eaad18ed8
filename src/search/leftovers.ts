import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isLeftover } from "../fixtures/temporary.ts";
import { removeFile } from "../fixtures/writeWhole.ts";
import { PROGRESS_FOLDER } from "./progressFile.ts";

/** The binary file of a fixture, which is written before it. */
const BINARY = /^([a-z0-9-]+-[0-9a-f]{12})\.bin$/;

/** Removes what a hunt that was killed left half written in a folder: files that no fixture names. */
export function removeLeftovers(folder: string): void {
  for (const place of [folder, join(folder, PROGRESS_FOLDER)]) {
    const names = existsSync(place) ? readdirSync(place) : [];
    for (const name of names) {
      const fixture = BINARY.exec(name)?.[1];
      const orphan = fixture !== undefined && !names.includes(`${fixture}.json`);
      if (orphan || isLeftover(name)) removeFile(join(place, name));
    }
  }
}
