import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../numerics/random.ts";
import { linesOf } from "./sentences.ts";
import { chooseSplit, splitText } from "./splitText.ts";
import { languageModelData, wrappedProse } from "./testing/texts.ts";

const auto = (text: string) => chooseSplit(text, "auto").split;
const cut = (text: string) => [...splitText(text, auto(text), () => {})].map((words) => words.join(" "));

describe("what auto takes", () => {
  it("is lines for lower-cased data with one sentence a line, and gives back as many sentences", () => {
    const text = languageModelData(1500, randomStream("1", "ptb"));
    expect(auto(text)).toBe("lines");
    expect(cut(text)).toHaveLength(1500);
    expect([...splitText(text, "sentences", () => {})]).toHaveLength(1);
  });

  it("is sentences for prose that is wrapped at a fixed width", () => {
    const text = wrappedProse(400, 72, randomStream("1", "prose"));
    expect(auto(text)).toBe("sentences");
    expect(cut(text)).toHaveLength(400);
  });

  // Of the lines of each, some 6 % to 22 % hold the end of a sentence before their last word.
  it.each(["LICENSE", "docs/mechanisms.md", "docs/hunt.md"])(
    "is sentences for the wrapped text of %s",
    (file) => {
      expect(auto(readFileSync(file, "utf8"))).toBe("sentences");
    },
  );

  it.each([
    ["written sentences, one a line", "The cat sat.\nIt slept.\nDr. Bach left!\n", "lines"],
    ["verses", "I wandered lonely\nas a cloud\nthat floats on high\n", "lines"],
    ["a line of two sentences", "A b. C d.", "sentences"],
    ["a line of Chinese", "我爱你。你呢？", "sentences"],
    ["one line", "a b c", "lines"],
    ["no words", "?!\n\n", "lines"],
    ["tokens that end in lower case", "the cat sat . it slept .\nthe dog ran . it fell .\n", "lines"],
  ])("is for %s", (_, text, split) => {
    expect(auto(text)).toBe(split);
  });

  it("turns at 5 % of the lines that have words, wherever they stand", () => {
    const of = (within: number, whole: number) => [
      ...Array.from({ length: within }, () => "Ends here. Goes on"),
      ...Array.from({ length: whole }, () => "goes on and on"),
    ];
    const blank = ["", " ", "--", "!"];
    for (const lines of [of(4, 96), of(4, 96).toReversed(), [...of(4, 77), ...blank]])
      expect(auto(lines.join("\n"))).toBe("lines");
    for (const lines of [of(5, 95), of(5, 95).toReversed(), [...of(5, 95), ...blank]])
      expect(auto(lines.join("\n"))).toBe("sentences");
  });

  it("is said in a line of its own, with the flag that asks for it", () => {
    expect(chooseSplit("a b\nc d", "auto").taken).toBe(
      "sentences are cut at line breaks (--split lines): hardly any line holds the end of a sentence before the last word",
    );
    expect(chooseSplit("A b. C d.", "auto").taken).toContain("(--split sentences)");
    expect(chooseSplit("A b. C d.", "lines")).toEqual({
      split: "lines",
      taken: "sentences are cut at line breaks, as asked for",
    });
  });
});

describe("lines", () => {
  it("are sentences whole, with the words that sentences have; one without words is none", () => {
    expect([...linesOf("One. Two three!\r\n\r\nDr. Bach\f-- ?\rmr. <unk> N 1,000\u2029don’t stop")]).toEqual([
      ["one", "two", "three"],
      ["dr.", "bach"],
      ["mr.", "unk", "n", "1,000"],
      ["don't", "stop"],
    ]);
  });

  it("come back out as they were written in", () => {
    const word = fc.stringMatching(/^[a-z]{1,7}$/);
    const line = fc.array(word, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom("\n", "\r\n", "\n\n"), (lines, ending) => {
        const text = lines.map((words) => words.join(" ") + ending).join("");
        expect([...linesOf(text)]).toEqual(lines);
      }),
    );
  });
});
