import { isPersonal } from "./ownFiles.ts";
import type { Frame } from "./stack.ts";

/** The file that a person runs: what Node was started with, or, under a runner, the file that called `step`. */
export function startedFile(call: Frame | null): string | null {
  const [, started] = process.argv;
  return started !== undefined && isPersonal(started) ? started : (call?.file ?? null);
}
