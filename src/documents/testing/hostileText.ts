/** Code points that a terminal or a log acts on, first and last; tab is none of them in a text. */
const ACTED_ON: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0a, 0x1f],
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xe0000, 0xe007f],
];

/** Every line of a text that would do something to a terminal or the log of a CI, rather than be shown there. */
export function hostileLines(text: string): string[] {
  return text.split("\n").filter((line) => {
    const codes = [...line].map((character) => character.codePointAt(0) ?? 0);
    const isActedOn = codes.some((code) => ACTED_ON.some(([first, last]) => code >= first && code <= last));
    return isActedOn || /^\s*::/.test(line) || /##\w*\[/.test(line);
  });
}
