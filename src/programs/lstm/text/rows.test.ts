import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../numerics/random.ts";
import { readCorpus } from "./corpus.ts";
import { cutRows, partitionRows, rowIds } from "./rows.ts";
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
    expect([...rows.sentences]).toEqual([0, 1, 1]);
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

describe("partitionRows", () => {
  /** Sentence of each row, of sentences with so many rows each. */
  const rowsOf = (pieces: number[]) =>
    Int32Array.from(pieces.flatMap((count, sentence) => Array(count).fill(sentence)));
  const pieces = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 30 });
  const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it("keeps every row exactly once, the fraction of sentences for validation, none on both sides", () => {
    fc.assert(
      fc.property(pieces, fractions, fc.string(), (counts, fraction, seed) => {
        const sentences = rowsOf(counts);
        const { training, validation } = partitionRows(
          sentences,
          fraction,
          randomStream(seed, "data/shuffle"),
        );
        expect([...training, ...validation].toSorted((a, b) => a - b)).toEqual([...sentences.keys()]);
        const trained = new Set([...training].map((row) => sentences[row]));
        const kept = new Set([...validation].map((row) => sentences[row]));
        expect([...kept].filter((sentence) => trained.has(sentence))).toEqual([]);
        expect(kept.size).toBe(Math.floor(fraction * counts.length));
        expect(training.length).toBeGreaterThan(0);
      }),
    );
  });

  it("trains one sentence of any number under the largest fraction below 1", () => {
    for (let count = 1; count <= 2000; count++) {
      const sentences = rowsOf(Array(count).fill(1));
      expect(partitionRows(sentences, 1 - 2 ** -53, randomStream("1", "")).training).toHaveLength(1);
    }
  });

  it("trains in one shuffled order, whatever part of it is kept apart", () => {
    const sentences = rowsOf(Array(10).fill(2));
    const partition = (fraction: number) =>
      partitionRows(sentences, fraction, randomStream("1", "data/shuffle"));
    const whole = [...partition(0).training];
    expect(whole).not.toEqual([...sentences.keys()]);
    const { training, validation } = partition(0.3);
    expect([...training]).toEqual(whole.filter((row) => training.includes(row)));
    expect([...validation]).toEqual(whole.filter((row) => validation.includes(row)));
  });

  it("draws long sentences for validation as often as short ones", () => {
    const sentences = rowsOf([8, 1]);
    const longOnes = Array.from({ length: 400 }, (_, seed) =>
      partitionRows(sentences, 0.5, randomStream(String(seed), "data/shuffle")),
    ).filter(({ validation }) => validation.length === 8);
    expect(longOnes.length).toBeGreaterThan(150);
    expect(longOnes.length).toBeLessThan(250);
  });
});
