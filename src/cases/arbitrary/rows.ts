import * as fc from "fast-check";
import type { LayoutName } from "../layouts.ts";
import type { SyntheticSpec } from "../schema.ts";

type Batches = SyntheticSpec["batches"];
type Row = Batches[number]["rows"][number];

/** What is drawn is a part of a whole that is itself drawn: a number below this, over this. */
const WHOLE = 2 ** 16;
/** A whole part, 0 to WHOLE - 1; smaller is more regular. */
export const part = fc.integer({ min: 0, max: WHOLE - 1 });

/** The part as one of 0 to count - 1. Never grows when the part or the count shrinks. */
const cut = (raw: number, count: number) => Math.floor((raw * count) / WHOLE);

/** Everything that may be drawn for one row, each a part. */
const ROW_PARTS = ["shortBy", "before", "start", "inside", "insideAt", "end", "zeroTarget"] as const;
type RowParts = Record<(typeof ROW_PARTS)[number], number>;

/** Draws the parts of one row. */
export const rowParts: fc.Arbitrary<RowParts> = fc.record({
  shortBy: part,
  before: part,
  start: part,
  inside: part,
  insideAt: part,
  end: part,
  zeroTarget: part,
});

/** What is drawn for the rows of a case. */
export interface LayoutParts {
  layouts: ReadonlySet<LayoutName>;
  batches: number;
  rows: number;
  time: number;
  /** Timesteps by which every row is short, where the layout is `after`. */
  shortBy: number;
  /** The row that holds padding only, where there is one. */
  emptyRow: number;
  /** At least `batches` x `rows` of them, at full width: what is cut off costs nothing. */
  parts: readonly RowParts[];
}

/** Lays out the rows of all batches. */
export function layOut(drawn: LayoutParts): Batches {
  const { layouts, batches, rows, time } = drawn;
  return Array.from({ length: batches }, (_, b) => {
    const single = layouts.has("last-batch-of-one-row") && b === batches - 1;
    const count = single ? 1 : rows;
    const empty = layouts.has("all-padding-row") ? cut(drawn.emptyRow, count) : -1;
    return {
      time,
      rows: Array.from({ length: count }, (_, r) =>
        layOutRow(drawn, drawn.parts[b * rows + r] as RowParts, r === empty),
      ),
    };
  });
}

function layOutRow({ layouts, time, shortBy }: LayoutParts, parts: RowParts, empty: boolean): Row {
  const padsAfter = layouts.has("after") || layouts.has("ragged");
  const before = layouts.has("before") && (!padsAfter || cut(parts.before, 2) === 1);
  const own = layouts.has("ragged") || before;
  const short = own ? cut(parts.shortBy, time) : layouts.has("after") ? cut(shortBy, time) : 0;
  const length = empty ? 0 : time - short;
  const first = before ? time - length : 0;
  const holes = new Set<number>();
  if (length > 0) {
    if (layouts.has("hole-at-start") && cut(parts.start, 2) === 1) holes.add(first);
    if (layouts.has("hole-inside") && length > 2 && cut(parts.inside, 2) === 1)
      holes.add(first + 1 + cut(parts.insideAt, length - 2));
    if (layouts.has("hole-at-end") && cut(parts.end, 2) === 1) holes.add(first + length - 1);
  }
  const zeroTarget = layouts.has("zero-targets") ? cut(parts.zeroTarget, 2 * length) - length : -1;
  return {
    length,
    padding: before ? "before" : "after",
    holes: [...holes].sort((a, b) => a - b),
    zeroTargets: zeroTarget >= 0 ? [first + zeroTarget] : [],
  };
}
