import { existsSync, mkdtempSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { quotedPath, shellWord } from "../documents/printable.ts";
import { shownPath } from "../reporters/shownPath.ts";

/** The folder of new fixtures where `--out` is not given. */
export const DEFAULT_OUT = "nanproof-findings";

/**
 * Makes sure before long work that its fixtures can be written down after it. Leaves nothing there: where
 * nothing is found no folder is left behind.
 * @throws UsageError when the folder of `--out` cannot be made or written to.
 */
export function checkOut(folder: string): void {
  const unusable = (what: string) =>
    new UsageError(
      "NANPROOF_E_OUT",
      `--out is ${quotedPath(folder)}: ${what}`,
      "give a folder that can be written to",
    );
  let place = resolve(folder);
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  if (!statSync(place).isDirectory()) throw unusable(`${shellWord(shownPath(place))} is not a folder`);
  try {
    rmdirSync(mkdtempSync(join(place, ".nanproof-")));
  } catch (error) {
    throw unusable(`${shellWord(shownPath(place))} cannot be written to (${(error as Error).message})`);
  }
}
