import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../numerics/random.ts";
import { readCorpus } from "./corpus.ts";
import { cutRows, rowIds, splitRows } from "./rows.ts";
import { buildVocabulary } from "./vocabulary.ts";

const sentence = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 30 });
const corpora = fc.array(sentence, { maxLength: 8 }).map((sentences) => readCorpus(sentences, 1000));

const pairs = (ids: Iterable<number>) => {
  const list = [...ids];
  return list.slice(1).map((next, t) => `${list[t]}>${next}`);
};

describe("cutRows", () => {
  const rules = fc.record({
    maxLength: fc.integer({ min: 2, max: 9 }),
    unknown: fc.constantFrom("drop" as const, "zero" as const),
  });

  it("loses no pair of neighbouring words, doubles none, and makes none up", () => {
    fc.assert(
      fc.property(corpora, fc.nat({ max: 5 }), rules, (corpus, size, rule) => {
        const vocabulary = buildVocabulary(corpus, size, () => true);
        const rows = cutRows(corpus, vocabulary, rule);
        const expected = [...corpus.starts.subarray(1)].flatMap((end, s) => {
          const ids = [...corpus.tokens.subarray(corpus.starts[s], end)].map(
            (token) => vocabulary.ids[token] ?? 0,
          );
          return pairs(rule.unknown === "drop" ? ids.filter((id) => id > 0) : ids);
        });
        // In the same order too: pieces are consecutive.
        expect([...rows.starts].flatMap((_, row) => pairs(rowIds(rows, row)))).toEqual(expected);
      }),
    );
  });

  it("makes rows of 2 to maxLength words", () => {
    fc.assert(
      fc.property(corpora, rules, (corpus, rule) => {
        const rows = cutRows(
          corpus,
          buildVocabulary(corpus, 3, () => true),
          rule,
        );
        const lengths = [...rows.starts].map((_, row) => rowIds(rows, row).length);
        expect(lengths.every((length) => length >= 2 && length <= rule.maxLength)).toBe(true);
      }),
    );
  });

  it("cuts a sentence only where it is longer than maxLength, into pieces that share a word", () => {
    const corpus = readCorpus([[..."abcd"], [..."abcde"]], 2);
    const vocabulary = buildVocabulary(corpus, 9, () => true);
    const rows = cutRows(corpus, vocabulary, { maxLength: 4, unknown: "drop" });
    const words = [...rows.starts].map((_, row) =>
      [...rowIds(rows, row)].map((id) => vocabulary.words[id]).join(""),
    );
    expect(words).toEqual(["abcd", "abcd", "de"]);
  });

  it("keeps unknown words as id 0 or closes the gap", () => {
    const corpus = readCorpus([["a", "x", "a", "b", "b"]], 1);
    const vocabulary = buildVocabulary(corpus, 2, () => true);
    const ids = (unknown: "drop" | "zero") => [
      ...rowIds(cutRows(corpus, vocabulary, { maxLength: 9, unknown }), 0),
    ];
    expect(ids("zero")).toEqual([1, 0, 1, 2, 2]);
    expect(ids("drop")).toEqual([1, 1, 2, 2]);
  });
});

describe("splitRows", () => {
  it("keeps every row exactly once, the fraction for validation, one at least for training", () => {
    const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fractions, fc.string(), (count, fraction, seed) => {
        const { training, validation } = splitRows(count, fraction, randomStream(seed, "data/shuffle"));
        expect([...training, ...validation].toSorted((a, b) => a - b)).toEqual([...Array(count).keys()]);
        expect(validation.length).toBe(Math.floor(fraction * count));
        expect(training.length).toBeGreaterThan(0);
      }),
    );
  });

  it("trains one row of any number under the largest fraction below 1", () => {
    for (let count = 1; count <= 2000; count++)
      expect(splitRows(count, 1 - 2 ** -53, randomStream("1", "")).training).toHaveLength(1);
  });

  it("takes the validation rows off the end of the same order", () => {
    const split = (fraction: number) => splitRows(20, fraction, randomStream("1", "data/shuffle"));
    const whole = [...split(0).training];
    expect(whole).not.toEqual([...Array(20).keys()]);
    expect([...split(0.25).training]).toEqual(whole.slice(0, 15));
    expect([...split(0.25).validation]).toEqual(whole.slice(15));
  });
});
