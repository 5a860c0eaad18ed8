import { type RandomStream, shuffle } from "../../../numerics/random.ts";
import type { Corpus } from "./corpus.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * Pieces of sentences: row r is `ids[starts[r]]` to `ids[ends[r] - 1]`; rows may share a word.
 * It is from sentence `sentences[r]`, counted in order of the sentences that make a row at all.
 */
export interface Rows {
  ids: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
  sentences: Int32Array;
}

/** The treatment of words outside the vocabulary, and the most words in one row. */
export interface CutRule {
  unknown: "drop" | "zero";
  maxLength: number;
}

/**
 * Cuts each sentence into consecutive pieces of at most `maxLength` words. A piece starts with the last
 * word of the one before it, so that every pair of neighbouring words is in exactly one row;
 * what has no pair makes no row. Dropped words go before the cutting.
 */
export function cutRows(corpus: Corpus, vocabulary: Vocabulary, rule: CutRule): Rows {
  const ids = new Int32Array(corpus.tokens.length);
  const starts: number[] = [];
  const ends: number[] = [];
  const sentences: number[] = [];
  let end = 0;
  for (let s = 0; s + 1 < corpus.starts.length; s++) {
    const first = end;
    for (const token of corpus.tokens.subarray(corpus.starts[s], corpus.starts[s + 1])) {
      const id = vocabulary.ids[token] ?? 0;
      if (id > 0 || rule.unknown === "zero") ids[end++] = id;
    }
    const number = (sentences.at(-1) ?? -1) + 1;
    for (let start = first; start + 1 < end; start += rule.maxLength - 1) {
      starts.push(start);
      ends.push(Math.min(start + rule.maxLength, end));
      sentences.push(number);
    }
  }
  return {
    ids: ids.slice(0, end),
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
    sentences: Int32Array.from(sentences),
  };
}

/** The words of row r as ids: inputs are all but the last, targets all but the first. */
export function rowIds(rows: Rows, row: number): Int32Array {
  return rows.ids.subarray(rows.starts[row], rows.ends[row]);
}

/** Row numbers in the order they are trained, and those kept apart. */
export interface Partition {
  training: Int32Array;
  validation: Int32Array;
}

/**
 * Shuffles the rows, draws `fraction` of the sentences, rounded down, and keeps every row of theirs for validation:
 * no sentence is on both sides. As the fraction is under 1 (and float64 never rounds the product up to the
 * count), one sentence at least is trained.
 * @param sentences Sentence of each row, as in {@link Rows}.
 */
export function partitionRows(sentences: Int32Array, fraction: number, random: RandomStream): Partition {
  const order = Array.from(sentences, (_, row) => row);
  shuffle(order, random);
  const drawn = [...new Set(sentences)];
  shuffle(drawn, random);
  const kept = new Set(drawn.slice(0, Math.floor(fraction * drawn.length)));
  const isKept = (row: number) => kept.has(sentences[row] ?? -1);
  return {
    training: Int32Array.from(order.filter((row) => !isKept(row))),
    validation: Int32Array.from(order.filter(isKept)),
  };
}
