import { join } from "node:path";
import { UsageError } from "../../../documents/errors.ts";
import { shellWord } from "../../../documents/printable.ts";
import { randomStream } from "../../../numerics/random.ts";
import type { TextReading } from "../cases/batch.ts";
import type { TextSpec } from "../cases/schema.ts";
import { brownSentences } from "./brown.ts";
import { type Corpus, readCorpus } from "./corpus.ts";
import { readingOf } from "./readingOf.ts";
import { readText } from "./readText.ts";
import { cutRows, type Partition, partitionRows, type Rows } from "./rows.ts";
import { chooseSplit, splitText } from "./splitText.ts";
import { buildVocabulary, type Vocabulary } from "./vocabulary.ts";

/** The sentences that a case names. */
interface TextSource {
  /** As the case names them. */
  name: string;
  /** The path that was read, for messages. */
  place: string;
  corpus: Corpus;
  /** Of a file: how it was cut. */
  reading?: TextReading;
}

/** A text ready for training, as ids. */
export interface PreparedText {
  /** The name of the text in the case. */
  name: string;
  corpus: Corpus;
  vocabulary: Vocabulary;
  rows: Rows;
  partition: Partition;
}

/**
 * Reads the sentences that a case names.
 * @throws UsageError when the text cannot be read or no sentence has two words.
 */
export function readSource(spec: TextSpec, folder: string): TextSource {
  const { source } = spec;
  if (source.kind === "brown") {
    const name = "Brown corpus";
    return { name, place: name, corpus: corpusOf(name, brownSentences(), spec) };
  }
  const text = readText(source.path, folder);
  const place = join(folder, source.path);
  const chosen = chooseSplit(text, spec.split ?? "sentences");
  const cut: string[] = [];
  const sentences = splitText(text, chosen.split, (piece) => cut.push(piece));
  const corpus = corpusOf(place, sentences, spec);
  return { name: source.path, place, corpus, reading: readingOf(chosen, corpus, cut) };
}

function corpusOf(place: string, sentences: Iterable<readonly string[]>, spec: TextSpec): Corpus {
  const corpus = readCorpus(sentences, spec.sentences);
  if (corpus.tokens.length === 0)
    throw noSentence(
      `text ${shellWord(place)}: no sentence of two words or more`,
      "give a text of written sentences",
    );
  return corpus;
}

/**
 * Counts, cuts, shuffles and splits the sentences, all as the case says.
 * @param knows Whether a word has a vector; the others are unknown words.
 * @throws UsageError when no two neighbouring words are left to learn from.
 */
export function prepareText(
  { name, place, corpus }: TextSource,
  spec: TextSpec,
  knows: (word: string) => boolean,
): PreparedText {
  const vocabulary = buildVocabulary(corpus, spec.vocabulary, knows);
  const rows = cutRows(corpus, vocabulary, spec);
  if (vocabulary.words.length === 1)
    throw noSentence(
      `text ${shellWord(place)}: the embedding knows none of its ${corpus.words.length} words`,
      "use --embedding random, or a text in English",
    );
  if (rows.starts.length === 0)
    throw noSentence(
      `text ${shellWord(place)}: no sentence keeps two words when those outside the vocabulary of ${spec.vocabulary} are dropped`,
      `raise data.vocabulary (--vocabulary), or set data.unknown to "zero" (--unknown zero)`,
    );
  const partition = partitionRows(rows.sentences, spec.validation, randomStream(spec.seed, "data/shuffle"));
  return { name, corpus, vocabulary, rows, partition };
}

function noSentence(message: string, hint: string): UsageError {
  return new UsageError("NANPROOF_E_TEXT_NO_SENTENCE", message, hint);
}
