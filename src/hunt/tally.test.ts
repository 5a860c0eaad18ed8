import { expect, it } from "vitest";
import { addLost, emptyTally } from "./tally.ts";

it("lost cases are in the order of the cases, whichever came out first", () => {
  const tally = emptyTally();
  for (const index of [5, 2, 9, 7, 0])
    addLost(tally, { index, during: "run", end: { kind: "out-of-memory" } });
  expect(tally.lost.map(({ index }) => index)).toEqual([0, 2, 5, 7, 9]);
});
