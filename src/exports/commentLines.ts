import { printable } from "../documents/printable.ts";

/**
 * A text as comment lines, each with a mark before it. What could end a comment in any language, or must not be printed, is
 * written as its code, so that no text of a stranger's leaves the comment.
 */
export function commentLines(text: string, mark: "#" | "//", width: number): string[] {
  const lines: string[] = [];
  let line = mark;
  for (const word of safeText(text).split(" ").filter(Boolean)) {
    if (line !== mark && line.length + 1 + word.length > width) {
      lines.push(line);
      line = mark;
    }
    line += ` ${word}`;
  }
  return line === mark ? lines : [...lines, line];
}

/** A stranger's text on one line: printable, without tabs, and nothing past U+007E. */
export function safeText(text: string): string {
  return printable(text).replace(/[^\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
