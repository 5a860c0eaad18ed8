import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { quotedPath, shellWord } from "../documents/printable.ts";

/**
 * The fixtures of a folder: its *.json, in the order of their names. What lies in folders below is
 * none of them.
 * @throws UsageError when it is no folder, or holds none: a gate over nothing would be green for ever.
 */
export function fixtureFiles(folder: string): string[] {
  const wrong = (what: string, hint: string) =>
    new UsageError("NANPROOF_E_FIXTURES", `--fixtures is ${quotedPath(folder)}: ${what}`, hint);
  const files = filesIn(folder, wrong);
  if (files.length === 0)
    throw wrong(
      "it holds no fixture (*.json)",
      `make the first: npx nanproof train --preset published --out ${shellWord(folder)}`,
    );
  return files;
}

/**
 * The fixtures that paths name, a folder all those in it. Each comes once, in the order given.
 * @throws UsageError when a folder cannot be read, or holds none.
 */
export function filesOrFolders(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
    const wrong = (what: string, hint: string) =>
      new UsageError("NANPROOF_E_FIXTURES", `${shellWord(path)}: ${what}`, hint);
    const inside = filesIn(path, wrong);
    if (inside.length === 0) throw wrong("it holds no fixture (*.json)", "give a folder that holds fixtures");
    return inside;
  });
  return [...new Set(files)];
}

function filesIn(folder: string, wrong: (what: string, hint: string) => UsageError): string[] {
  return namesIn(folder, wrong)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => join(folder, name));
}

function namesIn(folder: string, wrong: (what: string, hint: string) => UsageError): string[] {
  try {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return readdirSync(folder);
    const what = stats ? "it is no folder" : "there is no such folder";
    throw wrong(what, "give the folder that holds the fixtures");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw wrong(`it cannot be read (${(error as Error).message})`, "check the folder and its permissions");
  }
}
