import type { SplitName } from "../cases/schema.ts";
import { isWordLike } from "./characters.ts";
import { linesOf, sentencesOf } from "./sentences.ts";

/** A text is cut at marks once this part of its lines holds the end of a sentence before the last word. */
const ENDS_WITHIN = 0.05;

const LINE = /[^\n\r\f\u2028\u2029]+/g;
/** No end of a sentence is without one of these: they are cheaper to look for than words. */
const MARK =
  /[.!?\u037e\u0589\u061f\u06d4\u0964\u0965\u104b\u1362\u1367\u1368\u17d4\u17d5\u2026\u203c\u203d\u2047-\u2049\u3002\uff01\uff0e\uff1f\uff61]/;

/** The chosen way to cut a text into sentences. */
export interface TakenSplit {
  split: "lines" | "sentences";
  /** One line for a person. */
  taken: string;
}

/**
 * Chooses the way to cut a text. `auto` takes lines if under 5 % of them hold the end of a sentence before their last
 * word: one sentence a line, as most data of language models has it, where prose wrapped at a fixed width has ends within
 * a fifth of its lines.
 */
export function chooseSplit(text: string, asked: SplitName): TakenSplit {
  if (asked !== "auto") return { split: asked, taken: `sentences are cut ${CUT_AT[asked]}, as asked for` };
  const split = fewEndWithin(text) ? "lines" : "sentences";
  const lines = split === "lines" ? "hardly any line holds" : "5 % of the lines or more hold";
  return {
    split,
    taken: `sentences are cut ${CUT_AT[split]} (--split ${split}): ${lines} the end of a sentence before the last word`,
  };
}

const CUT_AT = { lines: "at line breaks", sentences: "at full stops and blank lines" } as const;

/** The sentences of a text, cut as chosen. */
export function splitText(
  text: string,
  split: TakenSplit["split"],
  onCut: (piece: string) => void,
): Iterable<string[]> {
  return split === "lines" ? linesOf(text, onCut) : sentencesOf(text, onCut);
}

function fewEndWithin(text: string): boolean {
  let lines = 0;
  for (const [line] of text.matchAll(LINE)) if (isWordLike(line)) lines += 1;
  const enough = ENDS_WITHIN * lines;
  let within = 0;
  for (const [line] of text.matchAll(LINE)) {
    if (MARK.test(line) && endsWithin(line)) within += 1;
    if (within > 0 && within >= enough) return false;
  }
  return true;
}

function endsWithin(line: string): boolean {
  let sentences = 0;
  for (const _ of sentencesOf(line)) {
    sentences += 1;
    if (sentences === 2) return true;
  }
  return false;
}
