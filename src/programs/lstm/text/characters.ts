/**
 * Characters that separate words, as the inside of a regular expression's class: besides white space the
 * controls and the punctuation of the scripts in common use. Written out by code point, not as
 * \p{...}: those classes follow the Unicode version of the Node release.
 */
export const SEPARATOR = [
  "\\s\\x00-\\x1f!-/:-@\\[-`{-\\x9f", // ASCII and the C1 controls
  "\\u00a1-\\u00a9\\u00ab\\u00ac\\u00ae-\\u00b1\\u00b4\\u00b6-\\u00b8\\u00bb\\u00bf\\u00d7\\u00f7", // Latin-1
  "\\u037e\\u0387\\u055a-\\u055f\\u0589\\u058a\\u05be\\u05c0\\u05c3\\u05c6", // Greek, Armenian, Hebrew
  "\\u0609-\\u060d\\u061b-\\u061f\\u066a-\\u066d\\u06d4", // Arabic
  "\\u0964\\u0965\\u0970\\u0e4f\\u0e5a\\u0e5b\\u0f0b-\\u0f14\\u104a-\\u104f", // Indic, Thai, Tibetan, Burmese
  "\\u1361-\\u1368\\u17d4-\\u17d6\\u17d8-\\u17da\\u1800-\\u180a", // Ethiopic, Khmer, Mongolian
  "\\u2000-\\u200b\\u200e-\\u206f\\ufe10-\\ufe19\\ufe30-\\ufe6f\\ufeff", // general, vertical and small forms
  "\\u3000-\\u3004\\u3008-\\u3020\\u3030\\u303d-\\u303f\\u30fb", // Chinese and Japanese
  "\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\ufff0-\\uffff", // their wide forms
].join("");

/**
 * Letters of scripts written without spaces, likewise: Thai and Lao, Burmese, Khmer, kana, Han.
 * To cut such text into real words takes a dictionary; here each character is a word.
 */
export const UNSPACED = [
  "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff",
  "\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u302f\\u3031-\\u303c\\u3040-\\u30ff\\u31f0-\\u31ff",
  "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3ffff}",
].join("");

/** Latin (to U+017D without U+0130), Greek and Cyrillic; lower-case letters in between stay as they are. */
const CAPITALS = /[A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u012f\u0132-\u017d\u0370-\u03ff\u0400-\u052f]/g;
const WORD_LIKE = new RegExp(`[^${SEPARATOR}]`, "u");

/**
 * Lower-cases Latin, Greek and Cyrillic letters, each by itself. Unlike `toLowerCase` on the whole
 * word the result rests on no context and on no Unicode table newer than version 7: Unicode's
 * stability policy keeps the case pairs of letters once assigned. The dotted capital I of Turkish
 * (U+0130), which would become two characters, stays.
 */
export function lowerCase(word: string): string {
  return word.replace(CAPITALS, (letter) => letter.toLowerCase());
}

/** True of a token that holds anything but punctuation and white space. */
export function isWordLike(token: string): boolean {
  return WORD_LIKE.test(token);
}
