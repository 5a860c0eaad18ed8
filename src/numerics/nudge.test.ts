import { describe, expect, it } from "vitest";
import { nudge } from "./nudge.ts";

describe("a nudge of one ulp", () => {
  const ulp = 2 ** -23;
  const smallest = 2 ** -149;

  it("goes away from 0 and towards it in turn, for either sign", () => {
    expect([...nudge(Float32Array.of(1, 1, -1, -1), "away")]).toEqual([
      1 + ulp,
      1 - ulp / 2,
      -1 - ulp,
      -1 + ulp / 2,
    ]);
    expect([...nudge(Float32Array.of(1, 1, -1, -1), "towards")]).toEqual([
      1 - ulp / 2,
      1 + ulp,
      -1 + ulp / 2,
      -1 - ulp,
    ]);
    expect([...nudge(Float32Array.of(smallest, smallest), "away")]).toEqual([2 * smallest, 0]);
  });

  it.each(["away", "towards"] as const)(
    "%s leaves a 0 of either sign as it is, wherever it stands",
    (first) => {
      expect([...nudge(Float32Array.of(0, 0, -0, -0), first)]).toEqual([0, 0, -0, -0]);
    },
  );

  it("leaves what it was given alone", () => {
    const values = Float32Array.of(1, 2);
    nudge(values, "away");
    expect([...values]).toEqual([1, 2]);
  });
});
