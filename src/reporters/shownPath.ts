import { relative, resolve } from "node:path";

/** A path as a person types it here: relative to the working directory, forward slashes. */
export function shownPath(path: string): string {
  return relative(process.cwd(), resolve(path)).replaceAll("\\", "/") || ".";
}
