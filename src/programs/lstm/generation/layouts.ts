import * as fc from "fast-check";
import type { LayoutName } from "../cases/layouts.ts";

/** One run in this many has a given layout. */
const ODDS = 6;

/** Draws the layouts of a run out of those that may occur, each by itself. Shrinking leaves layouts out. */
export function drawnLayouts(names: readonly LayoutName[]): fc.Arbitrary<ReadonlySet<LayoutName>> {
  const named = [...new Set(names)];
  const padded = named.filter((name) => name !== "none");
  const fallback = named.includes("none") ? [] : padded.slice(0, 1);
  return fc.tuple(...padded.map(() => fc.integer({ min: 0, max: ODDS - 1 }))).map((drawn) => {
    const chosen = padded.filter((_, i) => drawn[i] === ODDS - 1);
    return new Set(chosen.length > 0 ? chosen : fallback);
  });
}
