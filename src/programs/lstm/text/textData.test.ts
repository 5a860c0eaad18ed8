import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Batch } from "../cases/batch.ts";
import type { ModelSpec, TextSpec } from "../cases/schema.ts";
import { randomEmbedding } from "./randomEmbedding.ts";
import { textData } from "./textData.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-text-"));
afterAll(() => rmSync(folder, { recursive: true }));

const model: ModelSpec = { inputs: 4, layers: [{ units: 3, activation: "tanh" }], forgetBias: 1 };
const brown: TextSpec = {
  kind: "text",
  source: { kind: "brown" },
  seed: "1",
  maxLength: 16,
  batch: 8,
  sentences: 40,
  vocabulary: 50,
  unknown: "zero",
  validation: 0.25,
  embedding: { kind: "random", seed: "1", scale: 0.5 },
};

const open = (text: string, changes: Partial<TextSpec> = {}) => {
  writeFileSync(join(folder, "text.txt"), text);
  return textData({ ...brown, source: { kind: "file", path: "text.txt" }, ...changes }, model, folder);
};

/** The word at each timestep of a batch, or 0, read back from the vectors. */
function wordsOf(
  values: Float32Array,
  width: number,
  vectorOf: (word: string) => Float32Array,
  words: string[],
): string[] {
  const named = new Map(
    ["0", ...words].map((word) => [word === "0" ? `${new Float32Array(width)}` : `${vectorOf(word)}`, word]),
  );
  return Array.from(
    { length: values.length / width },
    (_, t) => named.get(`${values.subarray(t * width, (t + 1) * width)}`) ?? "?",
  );
}

describe("textData", () => {
  it("pairs each word with the next one; unknown words and padding are zero vectors", () => {
    const embedding = randomEmbedding("1", 0.5, { inputs: 4, targets: 3 });
    const data = open("A a a b b c. B a.", { vocabulary: 2, validation: 0 });
    const batch = data.batch(0);
    const words = ["a", "b", "c"];
    expect({ rows: batch.rows, time: batch.time, lengths: [...batch.lengths].toSorted() }).toEqual({
      rows: 2,
      time: 5,
      lengths: [1, 5],
    });
    const first = batch.lengths[0] === 5 ? 0 : 5;
    const x = wordsOf(batch.x, 4, embedding.input, words);
    const y = wordsOf(batch.y, 3, embedding.target, words);
    expect(x.slice(first, first + 5)).toEqual(["a", "a", "a", "b", "b"]);
    expect(y.slice(first, first + 5)).toEqual(["a", "a", "b", "b", "0"]);
    expect(x.slice(5 - first, 10 - first)).toEqual(["b", "0", "0", "0", "0"]);
    expect(y.slice(5 - first, 10 - first)).toEqual(["a", "0", "0", "0", "0"]);
  });

  it("keeps an unknown word within the row as an input of zeros", () => {
    const batch = open("A rare a.", { vocabulary: 1, validation: 0 }).batch(0);
    expect([...batch.lengths]).toEqual([2]);
    expect([...batch.x.subarray(4)]).toEqual([0, 0, 0, 0]);
    expect([...batch.y.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect(batch.y.subarray(3).some((value) => value !== 0)).toBe(true);
  });

  it("gives the same batches again: from the start, in another epoch, in another order", () => {
    const [one, two] = [textData(brown, model, folder), textData(brown, model, folder)];
    const count = one.batchesPerEpoch;
    const backwards = Array.from({ length: count }, (_, k) => two.batch(count - 1 - k)).toReversed();
    backwards.forEach((batch, k) => {
      expect(one.batch(k)).toEqual(batch);
      expect(one.batch(k + 3 * count)).toEqual(batch);
    });
  });

  it("makes batches of the size asked for, the last one smaller, each as wide as its longest row", () => {
    const data = open("One two. Three four five. Six seven. Eight nine. Ten eleven.", {
      batch: 2,
      validation: 0,
      vocabulary: 99,
    });
    const batches = Array.from({ length: data.batchesPerEpoch }, (_, k) => data.batch(k));
    expect(batches.map(({ rows }) => rows)).toEqual([2, 2, 1]);
    expect(batches.map(({ time }) => time)).toEqual(batches.map(({ lengths }) => Math.max(...lengths)));
    expect(batches.flatMap(({ lengths }) => [...lengths]).toSorted()).toEqual([1, 1, 1, 1, 2]);
  });

  it("trains on no row that it keeps for validation, and misses none", () => {
    const texts = Array.from({ length: 20 }, (_, i) => `Word${i} follows.`).join(" ");
    const data = open(texts, { vocabulary: 99, batch: 4 });
    const firsts = (batch: Batch) =>
      Array.from({ length: batch.rows }, (_, r) => `${batch.x.subarray(r * 4, r * 4 + 4)}`);
    const training = Array.from({ length: data.batchesPerEpoch }, (_, k) => firsts(data.batch(k))).flat();
    const validation = [...data.validation()].flatMap(firsts);
    expect([training.length, validation.length]).toEqual([15, 5]);
    expect(new Set([...training, ...validation]).size).toBe(20);
    expect([...data.validation()].flatMap(firsts)).toEqual(validation);
  });

  it("says in one line what it read", () => {
    expect(textData(brown, model, folder).description).toMatchInlineSnapshot(
      `"Brown corpus: 40 sentences, 810 words, vocabulary 50, 388 unknown words as zeros, 7 batches an epoch, 18 rows kept for validation, longest row 15"`,
    );
    expect(open("A b c. D e.", { validation: 0 }).description).toBe(
      "text.txt: 2 sentences, 5 words, vocabulary 5, 1 batch an epoch, longest row 2",
    );
  });

  it("says of a text file how it was cut, and warns of fewer than 1 sentence in 200 words", () => {
    expect(textData(brown, model, folder).text).toBeUndefined();
    const lines = "a b c\nd e\n";
    expect(open(lines, { split: "auto", validation: 0 }).text).toEqual({
      split: "lines",
      taken: expect.stringContaining("(--split lines)"),
      warnings: [],
    });
    expect(open("a b ".repeat(100)).text?.warnings).toEqual([]);
    expect(open(`${"a b\n".repeat(100)}a`).text?.warnings).toEqual([
      "fewer than 1 sentence in 200 words (1 in 201): if its sentences end elsewhere, say --split lines",
    ]);
    expect(open("a b ".repeat(101), { split: "lines" }).text?.warnings).toEqual([
      "fewer than 1 sentence in 200 words (1 in 202): if its sentences end elsewhere, say --split sentences",
    ]);
  });

  it.each(["lines", "sentences"] as const)("warns of words that were cut, cut at %s", (split) => {
    const warnings = (text: string) => open(text, { split, validation: 0 }).text?.warnings;
    expect(warnings(`Whole ${"a".repeat(100)} word. ${"我".repeat(150)}`)).toEqual([]);
    for (const [word, times] of [
      ["b".repeat(101), 1],
      ["b".repeat(250), 2],
      [`${"b".repeat(100)}-b`, 1],
    ] as const)
      expect(warnings(`One two ${word} ${word}`)).toEqual([
        `words were cut after 100 letters (${2 * times} times, first at "bbbbbbbbbbbbbbbbbbbb..."): is this text in words?`,
      ]);
  });

  it("refuses wink vectors for a model of another width, before it reads the text", () => {
    const source = { kind: "file" as const, path: "missing.txt" };
    expect(() => textData({ ...brown, source, embedding: { kind: "wink" } }, model, folder)).toThrow(
      expect.objectContaining({ code: "NANPROOF_E_TEXT_WINK_WIDTH" }),
    );
  });

  it("opens the whole Brown corpus in well under 3 s, and reads no more of it than asked", () => {
    // Processor time, in ms: what else runs on the machine does not count.
    const time = (sentences: number) => {
      const started = process.cpuUsage();
      textData({ ...brown, sentences }, model, folder);
      return process.cpuUsage(started).user / 1000;
    };
    const whole = time(10_000_000);
    expect(whole).toBeLessThan(3000);
    expect(time(500)).toBeLessThan(whole / 3);
  });
});
