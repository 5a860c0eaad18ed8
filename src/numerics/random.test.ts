import { describe, expect, it } from "vitest";
import { portableLog } from "./log.ts";
import { randomStream, shuffle } from "./random.ts";

describe("random streams", () => {
  it("give these numbers for seed 42 on every machine", () => {
    const stream = randomStream("42", "data");
    expect([
      stream.uniform(),
      stream.gaussian(),
      stream.gaussian(),
      stream.integer(1000),
    ]).toMatchInlineSnapshot(`
      [
        0.8540293148196944,
        -0.10723280155429224,
        -1.5276191724279014,
        473,
      ]
    `);
  });

  it("with different labels or seeds are different, with the same ones the same", () => {
    const first = (seed: string, label: string) => randomStream(seed, label).uniform();
    expect(first("1", "init")).toBe(first("1", "init"));
    expect(new Set([first("1", "init"), first("1", "data"), first("2", "init")]).size).toBe(3);
  });

  it("draw a standard normal: mean, variance and tails of 100,000 draws", () => {
    const stream = randomStream("1", "gaussian");
    const draws = Array.from({ length: 100_000 }, () => stream.gaussian());
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + x * x, 0) / draws.length;
    // Standard errors: 0.0032 of the mean, 0.0045 of the variance; 4 of each.
    expect(Math.abs(mean)).toBeLessThan(0.013);
    expect(Math.abs(variance - 1)).toBeLessThan(0.018);
    // P(|x| > 3) = 0.0027, so 270 +- 16.
    expect(Math.abs(draws.filter((x) => Math.abs(x) > 3).length - 270)).toBeLessThan(70);
  });

  it("shuffle keeps every item", () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    shuffle(items, randomStream("1", "shuffle"));
    expect(items).not.toEqual(items.toSorted((a, b) => a - b));
    expect(new Set(items).size).toBe(100);
  });
});

describe("portableLog", () => {
  it("is the natural logarithm to 1e-15 over the range of doubles", () => {
    for (let exponent = -1000; exponent < 1000; exponent += 3)
      for (const mantissa of [1, 1.1, 1.4, 1.43, 1.9999]) {
        const x = mantissa * 2 ** exponent;
        const expected = Math.log(x);
        expect(Math.abs(portableLog(x) - expected)).toBeLessThanOrEqual(
          1e-15 * Math.max(Math.abs(expected), 0.1),
        );
      }
  });
});
