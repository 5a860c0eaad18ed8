import { describe, expect, it } from "vitest";
import type { LayoutName } from "../cases/layouts.ts";
import { layOut, ROW_DRAWS } from "./rows.ts";

/** The place among a row's fractions that draws its zero target: the last. */
const ZERO_TARGET = ROW_DRAWS - 1;
const HALF = 2 ** 15;

/** The zero targets of a row of four timesteps, by the fraction that draws them. */
function zeroTargets(fraction: number, layouts: LayoutName[], emptyRow = false): number[] {
  const [batch] = layOut({
    layouts: new Set(emptyRow ? [...layouts, "all-padding-row"] : layouts),
    batches: 1,
    rows: 1,
    time: 4,
    shortBy: 0,
    emptyRow: 0,
    fractions: Array.from({ length: ROW_DRAWS }, (_, place) => (place === ZERO_TARGET ? fraction : 0)),
  });
  return batch?.rows[0]?.zeroTargets ?? [];
}

describe("a row's zero target", () => {
  it("is at any of its timesteps, the first included, in half of the draws", () => {
    const eighth = HALF / 4;
    const found = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => zeroTargets(k * eighth, ["zero-targets"]));
    expect(found).toEqual([[], [], [], [], [0], [1], [2], [3]]);
  });

  it("is none where the layout is not drawn from, nor in a row of padding alone", () => {
    expect(zeroTargets(2 ** 16 - 1, ["ragged"])).toEqual([]);
    expect(zeroTargets(2 ** 16 - 1, ["zero-targets"], true)).toEqual([]);
  });
});
