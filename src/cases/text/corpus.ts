/** Sentences as numbers: word k of the corpus is `words[k]`, in order of first appearance. */
export interface Corpus {
  words: string[];
  /** How often each word stands in the sentences. */
  counts: number[];
  /** The words of all sentences, one after another. */
  tokens: Int32Array;
  /** Where each sentence starts in `tokens`, and after the last one its end: [sentences + 1]. */
  starts: Int32Array;
}

/**
 * Takes the first `limit` sentences that have two words or more, for a single word has no next one.
 * Reads no further than that.
 */
export function readCorpus(sentences: Iterable<readonly string[]>, limit: number): Corpus {
  const numbers = new Map<string, number>();
  const counts: number[] = [];
  const tokens: number[] = [];
  const starts = [0];
  for (const sentence of sentences) {
    if (sentence.length < 2) continue;
    for (const word of sentence) {
      const number = numbers.get(word) ?? numbers.size;
      numbers.set(word, number);
      counts[number] = (counts[number] ?? 0) + 1;
      tokens.push(number);
    }
    starts.push(tokens.length);
    if (starts.length > limit) break;
  }
  return {
    words: [...numbers.keys()],
    counts,
    tokens: Int32Array.from(tokens),
    starts: Int32Array.from(starts),
  };
}
