import { UsageError } from "../../../documents/errors.ts";

/** Sentences as numbers: word k of the corpus is `words[k]`, in order of first appearance. */
export interface Corpus {
  words: string[];
  /** Occurrences of each word in the sentences. */
  counts: number[];
  /** The words of all sentences, one after another. */
  tokens: Int32Array;
  /** The start of each sentence in `tokens`, and after the last one its end: [sentences + 1]. */
  starts: Int32Array;
}

/** The most words in all, and the most different words, of a corpus. Node's maps end at 2^24 entries, and words are held several times over. */
const BOUNDS = { words: 2 ** 26, different: 2 ** 23 };

/**
 * Takes the first `limit` sentences that have two words or more, for a single word has no next one.
 * Reads no further than that.
 * @throws UsageError when that is more words than memory holds.
 */
export function readCorpus(
  sentences: Iterable<readonly string[]>,
  limit: number,
  bounds: Readonly<typeof BOUNDS> = BOUNDS,
): Corpus {
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
      if (tokens.length > bounds.words) throw tooLarge(bounds.words, "words");
      if (numbers.size > bounds.different) throw tooLarge(bounds.different, "different words");
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

function tooLarge(bound: number, what: string): UsageError {
  return new UsageError(
    "NANPROOF_E_TEXT_TOO_LARGE",
    `the text has more than ${bound} ${what}`,
    "read fewer sentences of it (--sentences), or cut a part out, for example with head -c 50000000",
  );
}
