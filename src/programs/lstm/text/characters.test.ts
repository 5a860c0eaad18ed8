import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isWordLike, lowerCase } from "./characters.ts";

describe("lowerCase", () => {
  it("lower-cases Latin, Greek and Cyrillic, letter by letter", () => {
    expect(lowerCase("THE ÀÉÎÖØÞ ŁŽĦ ΆΣ ЁЯ")).toBe("the àéîöøþ łžħ άσ ёя");
  });

  it("leaves other characters alone, Turkish dotted I and newer scripts among them", () => {
    for (const text of ["×÷ß", "\u0130", "\u0131", "\u1e9e", "\u1c90", "\u{10400}", "\u24b6"])
      expect(lowerCase(text)).toBe(text);
  });

  it("keeps the length and does nothing the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const lower = lowerCase(text);
        expect(lower.length).toBe(text.length);
        expect(lowerCase(lower)).toBe(lower);
      }),
    );
  });
});

describe("isWordLike", () => {
  it("tells words from punctuation", () => {
    const tokens = [
      "a",
      "7",
      "$5",
      "don't",
      "1/2''",
      "é",
      "我",
      "``",
      "--",
      "''",
      ".",
      "…",
      "&",
      "。",
      "—",
      " ",
      "",
    ];
    expect(tokens.filter(isWordLike)).toEqual(["a", "7", "$5", "don't", "1/2''", "é", "我"]);
  });
});
