import { join } from "node:path";
import type { Host } from "../programs/program.ts";
import type { ShrinkProgress } from "../shrink/shrinkStep.ts";
import { shownPath } from "./shownPath.ts";
import { sizePhrase } from "./size.ts";

/** The progress of a shrink, in one line. */
export function shrinkLine({ program }: Host, { pass, candidates, best }: ShrinkProgress): string {
  return `shrinking: ${sizePhrase(program.stepSize(best.step))}; ${candidates} candidates, pass ${pass}`;
}

/** The last words of a shrink that was ended in the midst of something. */
export function stoppedSentence(folder: string): string {
  return `stopped; what it had come to is kept in ${shownPath(join(folder, ".nanproof"))}, and the same command goes on from there`;
}
