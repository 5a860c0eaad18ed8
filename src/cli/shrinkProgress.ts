import type { Host } from "../programs/program.ts";
import { sizePhrase } from "../reporters/size.ts";
import type { ShrinkProgress } from "../shrink/shrinkStep.ts";

/** Where a shrink stands, in one line. */
export function shrinkLine({ program }: Host, { pass, candidates, best }: ShrinkProgress): string {
  return `shrinking: ${sizePhrase(program.stepSize(best.step))}; ${candidates} candidates, pass ${pass}`;
}
