import { readFileSync } from "node:fs";
import { MUTATIONS } from "../mutations.ts";
import type { Mutant } from "./mutant.ts";

/**
 * The mutants that are written by hand.
 * @throws Error when the text to break does not occur in its source exactly once.
 */
export function writtenMutants(): Mutant[] {
  return MUTATIONS.map(({ name, file, find, replace }) => {
    const parts = readFileSync(file, "utf8").split(find);
    if (parts.length !== 2)
      throw new Error(`${file}: the text to break stands there ${parts.length - 1} times: ${find}`);
    const engine = file.includes("/explorer/") ? "explorer" : "tfjs";
    return {
      file,
      within: "",
      before: find,
      after: replace,
      start: parts[0]?.length ?? 0,
      id: `${engine}: ${name}`,
    };
  });
}
