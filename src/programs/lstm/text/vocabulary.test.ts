import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCorpus } from "./corpus.ts";
import { buildVocabulary } from "./vocabulary.ts";

const all = () => true;

describe("vocabulary", () => {
  it("is ordered by falling frequency, then by UTF-16 code units", () => {
    // By code units a surrogate (U+D83D) stands before U+FF9E; by locale "é" stands before "z".
    const corpus = readCorpus([["é", "ﾞ", "z", "😀", "a-b", "ab", "z", "Z", "é", "z"]], 1);
    expect(buildVocabulary(corpus, 100, all).words).toEqual(["", "z", "é", "Z", "a-b", "ab", "😀", "ﾞ"]);
  });

  it("knows the most frequent words only; the others have id 0", () => {
    const corpus = readCorpus([["rare", "often", "often", "some", "some", "often"]], 1);
    const { words, ids } = buildVocabulary(corpus, 2, all);
    expect(words).toEqual(["", "often", "some"]);
    expect(corpus.words.map((word, number) => [word, ids[number]])).toEqual([
      ["rare", 0],
      ["often", 1],
      ["some", 2],
    ]);
  });

  it("gives no place to words without a vector", () => {
    const corpus = readCorpus([["a", "a", "b"]], 1);
    expect(buildVocabulary(corpus, 1, (word) => word !== "a").words).toEqual(["", "b"]);
  });

  it("does not depend on the order of the sentences", () => {
    const sentence = fc.array(fc.string({ maxLength: 2 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(sentence), (sentences) => {
        const words = (list: string[][]) => buildVocabulary(readCorpus(list, 100), 5, all).words;
        expect(words(sentences.toReversed())).toEqual(words(sentences));
      }),
    );
  });
});
