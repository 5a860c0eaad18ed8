import { describe, expect, it } from "vitest";
import { programSeed } from "./opening.ts";

describe("the seed of a program", () => {
  it.each([
    ["1", 1],
    ["23", 23],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ])("may be %s", (text, seed) => {
    expect(programSeed(text)).toBe(seed);
  });

  it.each(["0", "-1", "1.5", "1e3", "x1", "1x", "", " ", "9007199254740992"])("is not %j", (text) => {
    expect(() => programSeed(text)).toThrow(/the seed of a program is a whole number from 1 on/);
  });
});
