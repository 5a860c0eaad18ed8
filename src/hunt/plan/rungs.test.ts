import { describe, expect, it } from "vitest";
import { COLDEST } from "../../programs/generating.ts";
import { countHeats, type HeatCounts, noHeats, rungsAfter, rungsBelow } from "./rungs.ts";

const LADDER = [
  { step: 5, heat: 4 },
  { step: 20, heat: 8 },
];

/** The counts of so many cases, of which each is hotter than the one before by 0.01; none reached the second rung. */
function counted(cases: number): HeatCounts {
  const counts = noHeats(LADDER);
  for (let i = 0; i < cases; i++) countHeats(counts, [i / 100 + 0.005]);
  return counts;
}

describe("the rungs for the next cases", () => {
  it("are those of the ladder while few cases have reached them", () => {
    expect(rungsAfter(LADDER, noHeats(LADDER))).toEqual(LADDER);
    expect(rungsAfter(LADDER, counted(49))).toEqual(LADDER);
    expect(rungsAfter(LADDER, counted(50))[0]?.heat).toBeCloseTo(0.4);
  });

  it("let the hottest tenth of the cases pass where that is less than the ladder asks", () => {
    const [first, second] = rungsAfter(LADDER, counted(100));
    expect(first).toEqual({ step: 5, heat: expect.closeTo(0.9) });
    expect(second).toEqual(LADDER[1]);
  });

  it("count so many cases as hottest that they are a tenth", () => {
    const counts = noHeats(LADDER);
    for (const [cases, heat] of [
      [5, 3.05],
      [20, 2.05],
      [75, 1.05],
    ] as const)
      for (let i = 0; i < cases; i++) countHeats(counts, [heat]);
    expect(rungsAfter(LADDER, counts)[0]?.heat).toBeCloseTo(2);
  });

  it("ask for no more than the ladder does, however hot the cases are", () => {
    const counts = noHeats(LADDER);
    for (let i = 0; i < 100; i++) countHeats(counts, [30, 30]);
    expect(rungsAfter(LADDER, counts)).toEqual(LADDER);
  });

  it("do without the rungs of a case that the ladder does not have", () => {
    const counts = noHeats(LADDER);
    countHeats(counts, [1, 1, 1]);
    expect(counts).toEqual([{ 10: 1 }, { 10: 1 }]);
  });
});

describe("the rungs for a mutant", () => {
  it("let it be half as hot as its parent, or colder by 0.3, where its parent got", () => {
    const heats = (parent: number[]) => rungsBelow(LADDER, parent).map(({ heat }) => heat);
    expect(heats([2, 6])).toEqual([1, 3]);
    expect(heats([0.4, 0])).toEqual([expect.closeTo(0.1), expect.closeTo(-0.3)]);
    expect(heats([30, 30])).toEqual([4, 8]);
  });

  it("let it be as cold as it may where its parent did not get", () => {
    const [first, second] = rungsBelow(LADDER, [2]);
    expect(first?.heat).toBe(1);
    expect(second?.heat).toBe(COLDEST);
  });
});
