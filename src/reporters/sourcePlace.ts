import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { shownPath } from "./shownPath.ts";

/** A line of a person's own file; its path as typed from here. */
export interface SourcePlace {
  file: string;
  line: number;
}

/**
 * The line of a person's program at which a death's first bad number was made; null where it is not known, or its file is not here.
 * @param program Path of the program's file, from whose folder sites name files.
 * @param site Of a death; anything else has no such line.
 */
export function sourcePlace(program: string, site: unknown): SourcePlace | null {
  const { file, line } = (site ?? {}) as { file?: unknown; line?: unknown };
  if (typeof file !== "string" || typeof line !== "number" || line < 1) return null;
  const path = join(dirname(program), file);
  return existsSync(path) ? { file: shownPath(path), line } : null;
}
