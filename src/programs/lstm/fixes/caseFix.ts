import { basename } from "node:path";
import { readCase } from "../cases/readCase.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { type Fix, likeCase } from "./fixes.ts";

/** A case of a person's own, taken as a preset is: what it does about its loss and gradients is a fix of other cases. */
export interface CaseFix extends Fix {
  /** The case itself. */
  base: TrainingCase;
}

/**
 * The fix that the case of a JSON file is.
 * @throws UsageError when the file holds no case.
 */
export function readCaseFix(path: string): CaseFix {
  const base = readCase(path);
  return {
    name: basename(path),
    acts: "as-changed",
    description: `loss, clips and skipping of ${path}`,
    apply: likeCase(base),
    base,
  };
}

/** True of the path of a case, false of that of a module. */
export function isCaseFile(path: string): boolean {
  return path.endsWith(".json");
}
