import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../cases/errors.ts";

/**
 * The fixtures of a folder: its *.json, in the order of their names. What lies in folders below is
 * none of them.
 * @throws UsageError when it is no folder, or holds none: a gate over nothing would be green for ever.
 */
export function fixtureFiles(folder: string): string[] {
  const wrong = (what: string, hint: string) =>
    new UsageError("NANPROOF_E_FIXTURES", `--fixtures is ${JSON.stringify(folder)}: ${what}`, hint);
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats?.isDirectory())
    throw wrong(
      stats ? "it is no folder" : "there is no such folder",
      "give the folder that holds the fixtures",
    );
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => join(folder, name));
  if (files.length === 0)
    throw wrong(
      "it holds no fixture (*.json)",
      `make the first: npx nanproof train --preset published --out ${folder}`,
    );
  return files;
}
