import { lowerCase, SEPARATOR, UNSPACED } from "./characters.ts";

/** A word is cut after this many characters, so that no text can exhaust the stack of the matcher. */
export const LONGEST_WORD = 100;

const LETTER = `[^${SEPARATOR}${UNSPACED}]`;
const INNER = `['\u2019.\u2010\u2011\u00b7-](?=${LETTER})|(?<=[0-9]),(?=[0-9])`;
const WORD = `(?![${SEPARATOR}])[${UNSPACED}]|${LETTER}(?:${LETTER}|${INNER}){0,${LONGEST_WORD - 1}}`;
/** Marks that end a sentence whatever follows; and marks that do where white space follows. */
const ALWAYS =
  "[\u0589\u061f\u06d4\u0964\u0965\u104b\u1362\u1367\u1368\u17d4\u17d5\u3002\uff01\uff0e\uff1f\uff61]";
const SPACED = "[.!?\u037e\u2026\u203c\u203d\u2047-\u2049]+[\"'\u2019\u201d\u00bb)\\]}]*";
const PARAGRAPH = "\\n\\s*\\n|[\\f\\u2029]";
const LOWER = "[a-z\\u00df-\\u00f6\\u00f8-\\u00ff\\u03ac-\\u03ce\\u0430-\\u045f]";
/** White space or the end of the text, and no lower-case letter behind it and behind opening marks. */
const STOP = `(?=(?<stop>(?:\\s|$)(?![\\s"'\u201c\u2018\u00ab([{\u2014\u2013-]*${LOWER}))|)`;

/** A line: it ends at a line break, and at the end of a page or paragraph. */
const LINE = /[^\n\r\f\u2028\u2029]+/g;
const MORE = new RegExp(`${LETTER}|${INNER}`, "uy");
const TOKEN = new RegExp(`(?<word>${WORD})|(?<end>${ALWAYS}|${PARAGRAPH})|(?<mark>${SPACED})${STOP}`, "gu");

const TITLES = "mr mrs ms messrs mme mlle dr prof rev gen col maj capt cmdr lt sgt cpl gov sen rep hon st mt";
const ABBREVIATIONS = new Set([...TITLES.split(" "), "vs", "cf", "viz", "approx"]);
const CAPITAL = "[A-Z\\u00c0-\\u00d6\\u00d8-\\u00de\\u0386-\\u03ab\\u0400-\\u042f]";
const LONE = `(?![0-9])${LETTER}`;
/** Initials and dotted abbreviations: J, U.S, e.g; not I, which is an English word. */
const INITIALS = new RegExp(`^(?:(?!I$)${CAPITAL}|${LONE}(?:\\.${LONE})+)$`, "u");

/**
 * Cuts a text into sentences of lower-cased words, lazily. The rule, the same on every Node:
 *
 * - A word is a run of characters that are neither white space nor punctuation ({@link SEPARATOR}).
 *   Apostrophe, full stop, hyphen and middle dot belong to it between two such characters
 *   (don't, well-known, 3.14), a comma between two digits (1,000). A curly apostrophe is written
 *   straight, a Unicode hyphen as "-", soft hyphens are left out. Punctuation makes no words.
 * - In scripts without spaces every character is a word.
 * - A sentence ends at a blank line, form feed or paragraph separator (a single line break is white space); at
 *   the full stops of Chinese, Japanese, Hindi, Arabic, Armenian, Ethiopic, Burmese and Khmer; and at
 *   . ! ? … with the quotes and brackets that close after it, where white space or the end follows
 *   and the next letter is no lower-case one ("What?" he said).
 * - The full stop of an initial (J. S. Bach), a dotted abbreviation (U.S.) or a title (Dr.) ends no
 *   sentence and belongs to the word. So a sentence that closes with one runs on into the next.
 */
export function* sentencesOf(text: string, onCut: OnCut = () => {}): Generator<string[]> {
  let words: string[] = [];
  let last = { word: "", end: -1 };
  for (const match of text.matchAll(TOKEN)) {
    const { word, end, mark, stop } = match.groups ?? {};
    if (word !== undefined) {
      const spelled = spell(word);
      if (spelled !== "") words.push(spelled);
      last = { word, end: match.index + word.length };
      if (word.length >= LONGEST_WORD && goesOn(text, last.end)) onCut(word);
    } else if (mark === "." && last.end === match.index && isAbbreviation(last.word)) {
      words.push(`${words.pop()}.`);
    } else if ((end !== undefined || stop !== undefined) && words.length > 0) {
      yield words;
      words = [];
    }
  }
  if (words.length > 0) yield words;
}

/**
 * Cuts a text into sentences of lower-cased words, lazily, of which each is a line; what ends a sentence within a line
 * counts for nothing. Words are those of {@link sentencesOf}; a line without any is no sentence.
 */
export function* linesOf(text: string, onCut?: OnCut): Generator<string[]> {
  for (const [line] of text.matchAll(LINE)) {
    const words = [...sentencesOf(line, onCut)].flat();
    if (words.length > 0) yield words;
  }
}

/** Called with each piece of {@link LONGEST_WORD} letters that a longer word was cut into, but for its last piece. */
type OnCut = (piece: string) => void;

/** True where the word that ends at a place ends there because it was cut. */
function goesOn(text: string, at: number): boolean {
  MORE.lastIndex = at;
  return MORE.test(text);
}

function spell(word: string): string {
  return lowerCase(word)
    .replace(/\u2019/g, "'")
    .replace(/[\u2010\u2011]/g, "-")
    .replace(/\u00ad/g, "");
}

function isAbbreviation(word: string): boolean {
  return ABBREVIATIONS.has(lowerCase(word)) || INITIALS.test(word);
}
