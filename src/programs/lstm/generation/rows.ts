import type { LayoutName } from "../cases/layouts.ts";
import type { SyntheticSpec } from "../cases/schema.ts";
import { cut } from "./fractions.ts";

type Batches = SyntheticSpec["batches"];
type Row = Batches[number]["rows"][number];

/** Settings that are drawn for each row, each with its place among the row's fractions. */
const PLACE = { shortBy: 0, before: 1, start: 2, inside: 3, insideAt: 4, end: 5, zeroTarget: 6 } as const;
/** Number of fractions that are drawn for a row. */
export const ROW_DRAWS = Object.keys(PLACE).length;

/** Draws for the rows of a case, before they are laid out. */
interface DrawnRows {
  layouts: ReadonlySet<LayoutName>;
  batches: number;
  rows: number;
  time: number;
  /** Timesteps that every row is short of the batch, where the layout is `after`, as a fraction. */
  shortBy: number;
  /** The row that holds padding only, where one does, as a fraction. */
  emptyRow: number;
  /** The ROW_DRAWS fractions of each row, one row after the other, at least `batches` x `rows` of them; the rest is not used. */
  fractions: readonly number[];
}

/** Lays out the rows of all batches. */
export function layOut(drawn: DrawnRows): Batches {
  const { layouts, batches, rows, time } = drawn;
  return Array.from({ length: batches }, (_, b) => {
    const single = layouts.has("last-batch-of-one-row") && b === batches - 1;
    const count = single ? 1 : rows;
    const empty = layouts.has("all-padding-row") ? cut(drawn.emptyRow, count) : -1;
    return {
      time,
      rows: Array.from({ length: count }, (_, r) => layOutRow(drawn, b * rows + r, r === empty)),
    };
  });
}

function layOutRow({ layouts, time, shortBy, fractions }: DrawnRows, index: number, empty: boolean): Row {
  const fraction = (name: keyof typeof PLACE) => fractions[index * ROW_DRAWS + PLACE[name]] ?? 0;
  const half = (name: keyof typeof PLACE) => cut(fraction(name), 2) === 1;
  const before = layouts.has("before") && half("before");
  const own = layouts.has("ragged") || before ? cut(fraction("shortBy"), time) : 0;
  const shared = layouts.has("after") ? cut(shortBy, time) : 0;
  const length = empty ? 0 : time - Math.max(own, shared);
  const first = before ? time - length : 0;
  const holes: number[] = [];
  const hole = (at: number) => {
    if (length > 0 && !holes.includes(at)) holes.push(at);
  };
  if (layouts.has("hole-at-start") && half("start")) hole(first);
  if (layouts.has("hole-inside") && length > 2 && half("inside"))
    hole(first + 1 + cut(fraction("insideAt"), length - 2));
  if (layouts.has("hole-at-end") && half("end")) hole(first + length - 1);
  const zeroTarget = cut(fraction("zeroTarget"), 2 * length) - length;
  const hasZeroTarget = layouts.has("zero-targets") && length > 0 && zeroTarget >= 0;
  return {
    length,
    padding: before ? "before" : "after",
    holes,
    zeroTargets: hasZeroTarget ? [first + zeroTarget] : [],
  };
}
