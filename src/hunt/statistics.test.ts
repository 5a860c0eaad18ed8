import { describe, expect, it } from "vitest";
import type { BookedCase } from "./booked.ts";
import { bucketsOf } from "./buckets.ts";
import { StatisticsGatherer } from "./statistics.ts";

const counted = (values: readonly (string | number)[]) =>
  new Map(values.map((value) => [value, { cases: 2, deaths: 1 }]));
const valuesOf = (values: readonly (string | number)[]) =>
  bucketsOf(counted(values)).map(({ value }) => value);

describe("what was drawn", () => {
  it("is told value by value where there are few, numbers in ascending order", () => {
    expect(bucketsOf(counted([3, 1, 2]))).toEqual([
      { value: 1, cases: 2, deaths: 1 },
      { value: 2, cases: 2, deaths: 1 },
      { value: 3, cases: 2, deaths: 1 },
    ]);
  });

  it("is told in ranges that hold every number once where there are many", () => {
    const whole = bucketsOf(counted([...Array(64).keys()].map((i) => i + 1)));
    expect(whole.map(({ value }) => value)).toEqual([
      "1 to 11",
      "12 to 22",
      "23 to 33",
      "34 to 44",
      "45 to 55",
      "56 to 64",
    ]);
    expect(whole.reduce((sum, { cases }) => sum + cases, 0)).toBe(128);
    expect(valuesOf([...Array(11).keys()].map((i) => i / 10))).toHaveLength(6);
    expect(valuesOf([1, 2, 3, 4, 5, 6, 7, 8, 13]).at(-1)).toBe("13");
  });

  it("is told by powers of ten where the numbers are far apart", () => {
    expect(valuesOf([0.001, 0.002, 0.0099, 0.01, 0.5, 1, 2, 3, 4, 10])).toEqual([
      "0.001 to 0.01",
      "0.01 to 0.1",
      "0.1 to 1",
      "1 to 10",
      "10 to 100",
    ]);
  });

  it("tells the most frequent words, and how many others there are", () => {
    const words = counted([...Array(30).keys()].map((i) => `word ${i}`));
    words.set("often", { cases: 9, deaths: 0 });
    const buckets = bucketsOf(words);
    expect(buckets[0]).toEqual({ value: "often", cases: 9, deaths: 0 });
    expect(buckets.at(-1)).toEqual({ value: "11 others", cases: 22, deaths: 11 });
  });
});

describe("gathering statistics", () => {
  const ran = (status: "lived" | "died", seconds: number): BookedCase["ran"] => ({
    ...{ kind: "ran", status, steps: 7, work: 1, heats: [], heat: 1 },
    signature: status === "died" ? "forward/x/y" : null,
    timing: { generate: 0.5, run: seconds - 0.5 },
  });
  const booked = (index: number, over: Partial<BookedCase>): BookedCase => ({
    ...{
      index,
      isVaried: false,
      ran: null,
      lost: null,
      testCase: {},
      labels: { layouts: ["a", "b"], rate: index },
    },
    ...over,
  });

  it("counts what came of cases, what died of what was drawn, and the slowest", () => {
    const gatherer = new StatisticsGatherer();
    gatherer.add(booked(0, { ran: ran("lived", 1) }));
    gatherer.add(booked(1, { ran: ran("died", 3), isVaried: true }));
    gatherer.add(booked(2, {}));
    const statistics = gatherer.statistics();
    expect(statistics).toMatchObject({
      cases: 3,
      lived: 1,
      died: 1,
      lost: 1,
      varied: 1,
      deaths: { "forward/x/y": 1 },
    });
    expect(statistics.drawn.layouts).toEqual([
      { value: "a", cases: 3, deaths: 1 },
      { value: "b", cases: 3, deaths: 1 },
    ]);
    expect(statistics.drawn.rate?.map(({ deaths }) => deaths)).toEqual([0, 1, 0]);
    expect(statistics.slowest.map((slow) => [slow.case, slow.seconds])).toEqual([
      [1, 3],
      [0, 1],
    ]);
    expect(statistics.secondsPerCase).toMatchObject({ drawing: 0.5 });
  });

  it("of nothing says nothing", () => {
    expect(new StatisticsGatherer().statistics()).toMatchObject({
      cases: 0,
      drawn: {},
      secondsPerCase: null,
    });
  });
});
