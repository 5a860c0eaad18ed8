import type { TextReading } from "../cases/batch.ts";
import type { Corpus } from "./corpus.ts";
import { LONGEST_WORD } from "./sentences.ts";
import type { TakenSplit } from "./splitText.ts";

/** Words to a sentence past which the text was hardly cut where its sentences end. */
const MOST_WORDS = 200;
/** Letters of a word that a warning shows. */
const SHOWN = 20;

/** Describes the way in which a text was cut, and what about that looks wrong. */
export function readingOf(
  { split, taken }: TakenSplit,
  corpus: Corpus,
  cutWords: readonly string[],
): TextReading {
  const sentences = corpus.starts.length - 1;
  const words = corpus.tokens.length;
  const warnings: string[] = [];
  if (words > MOST_WORDS * sentences)
    warnings.push(
      `fewer than 1 sentence in ${MOST_WORDS} words (${sentences} in ${words}): ` +
        `if its sentences end elsewhere, say --split ${split === "lines" ? "sentences" : "lines"}`,
    );
  const [first] = cutWords;
  if (first !== undefined)
    warnings.push(
      `words were cut after ${LONGEST_WORD} letters (${cutWords.length} times, first at ` +
        `${JSON.stringify(`${first.slice(0, SHOWN)}...`)}): is this text in words?`,
    );
  return { split, taken, warnings };
}
