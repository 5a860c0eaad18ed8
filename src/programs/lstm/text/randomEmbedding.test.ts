import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomEmbedding } from "./randomEmbedding.ts";

describe("randomEmbedding", () => {
  const square = { inputs: 3, targets: 3 };

  it("gives these numbers for seed 1 on every machine", () => {
    expect([...randomEmbedding("1", 1, square).input("the")]).toMatchInlineSnapshot(`
      [
        -0.4742000699043274,
        -1.82261061668396,
        -0.859792947769165,
      ]
    `);
  });

  it("depends on seed and word, and not on the words asked for before", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), fc.string(), (before, word, seed) => {
        const used = randomEmbedding(seed, 1, square);
        for (const other of before) used.input(other);
        expect(used.input(word)).toEqual(randomEmbedding(seed, 1, square).input(word));
        expect(randomEmbedding(seed, 1, square).input(`${word}x`)).not.toEqual(used.input(word));
        expect(randomEmbedding(`${seed}x`, 1, square).input(word)).not.toEqual(used.input(word));
      }),
    );
  });

  it("uses one vector for input and target of equal width, another one for a target of another width", () => {
    const equal = randomEmbedding("1", 1, square);
    expect(equal.target("word")).toEqual(equal.input("word"));
    const unequal = randomEmbedding("1", 1, { inputs: 3, targets: 2 });
    expect(unequal.input("word")).toEqual(equal.input("word"));
    expect(unequal.target("word")).toHaveLength(2);
    expect(unequal.target("word")).not.toEqual(unequal.input("word").subarray(0, 2));
  });

  it("has standard deviation `scale`", () => {
    const vector = randomEmbedding("1", 0.5, { inputs: 10_000, targets: 1 }).input("word");
    const variance = vector.reduce((sum, x) => sum + x * x, 0) / vector.length;
    // Standard error of the variance: 0.25 sqrt(2 / 10,000) = 0.0035; 4 of it.
    expect(Math.abs(variance - 0.25)).toBeLessThan(0.014);
  });
});
