import type { Corpus } from "./corpus.ts";

/** The words that have vectors. Id 0 is no word: padding, and unknown words kept as zero vectors. */
export interface Vocabulary {
  /** `words[id]`; the most frequent word has id 1, `words[0]` is "". */
  words: readonly string[];
  /** Id of each word of the corpus, 0 where it is unknown. */
  ids: Int32Array;
}

/**
 * The `size` most frequent words of the corpus among those that `knows` accepts; equally frequent
 * ones in the order of their UTF-16 code units, which no locale changes.
 */
export function buildVocabulary(corpus: Corpus, size: number, knows: (word: string) => boolean): Vocabulary {
  const chosen = corpus.words
    .map((word, number) => ({ word, number, count: corpus.counts[number] ?? 0 }))
    .filter(({ word }) => knows(word))
    .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
    .slice(0, size);
  const ids = new Int32Array(corpus.words.length);
  chosen.forEach(({ number }, index) => {
    ids[number] = index + 1;
  });
  return { words: ["", ...chosen.map(({ word }) => word)], ids };
}
