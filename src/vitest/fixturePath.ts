import { join } from "node:path";

/** Longest name made of a test's. */
const LONGEST = 100;

/** Path of the fixture of a failing test: the same file each time, named like the test. */
export function fixturePath(folder: string, testName = "test"): string {
  const name = testName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, LONGEST);
  return join(folder, `${name || "test"}.json`);
}
