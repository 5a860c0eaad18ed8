import { sizePhrase } from "../reporters/size.ts";
import { stepSize } from "../shrink/edits/numbers.ts";
import type { ShrinkProgress } from "../shrink/shrinkStep.ts";

/** Where a shrink stands, in one line. */
export function shrinkLine({ pass, candidates, best }: ShrinkProgress): string {
  return `shrinking: ${sizePhrase(stepSize(best.step))}; ${candidates} candidates, pass ${pass}`;
}
