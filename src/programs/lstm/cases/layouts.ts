import type { SyntheticSpec } from "./schema.ts";

/** Padding layouts by name, the plainest first. docs/generated-cases.md says which real data each imitates. */
export const LAYOUT_NAMES = [
  "none",
  "after",
  "before",
  "ragged",
  "all-padding-row",
  "last-batch-of-one-row",
  "hole-at-start",
  "hole-inside",
  "hole-at-end",
  "zero-targets",
  "lengths-not-passed",
] as const;
/** One of {@link LAYOUT_NAMES}. */
export type LayoutName = (typeof LAYOUT_NAMES)[number];

/** The layouts that generated data shows, in the order of {@link LAYOUT_NAMES}; `none` alone where it shows no other. */
export function layoutsOf({ masked, batches }: SyntheticSpec): LayoutName[] {
  const shown = new Set<LayoutName>();
  if (!masked) shown.add("lengths-not-passed");
  if (batches.at(-1)?.rows.length === 1 && batches.some(({ rows }) => rows.length > 1))
    shown.add("last-batch-of-one-row");
  for (const { time, rows } of batches) {
    const lengths = new Set(rows.map(({ length }) => length));
    if (lengths.size > 1) shown.add("ragged");
    for (const { length, padding, holes, zeroTargets } of rows) {
      if (length === 0) shown.add("all-padding-row");
      else if (length < time) shown.add(padding);
      if (zeroTargets.length > 0) shown.add("zero-targets");
      const first = padding === "before" ? time - length : 0;
      for (const hole of holes)
        if (hole === first) shown.add("hole-at-start");
        else shown.add(hole === first + length - 1 ? "hole-at-end" : "hole-inside");
    }
  }
  return shown.size === 0 ? ["none"] : LAYOUT_NAMES.filter((name) => shown.has(name));
}
