/**
 * Characters that must not reach a terminal or a log as they are: control characters (ESC, line breaks, C1), invisible and
 * direction-changing ones, halves of surrogate pairs, and the second # of `##[`, with which a CI's log takes a command in
 * the middle of a line. The joiners of emoji, Persian and Indic scripts are harmless and stay.
 */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?<=#)#(?=\w*\[)/gu;
/** A line that begins so is a command to GitHub Actions, white space before it or not. */
const COMMAND = /^(\s*):(?=:)/;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A text on one line that commands neither a terminal nor a CI's log: what would is written as `\n`, `\x1b` or `\u202e`.
 * What nanproof prints goes through here line by line, so that no text of a stranger's begins a line of its own.
 */
export function printable(text: string): string {
  return text
    .replace(UNPRINTABLE, (character) =>
      character === "\t" ? character : (SHORT[character] ?? codeOf(character)),
    )
    .replace(COMMAND, "$1\\x3a");
}

/** The JSON text of a document, with what {@link printable} would change as `\u001b`: it parses to the same. */
export function printableJson(json: string): string {
  return json.replace(UNPRINTABLE, (character) =>
    Array.from({ length: character.length }, (_, i) => `\\u${hex(character.charCodeAt(i), 4)}`).join(""),
  );
}

/**
 * A path as one word that can be pasted into bash: as it is, in quotes where a shell would take it apart, and as
 * `$'...'` where it has characters that must not be printed.
 */
export function shellWord(path: string): string {
  // The shell's own words and flags begin so, and the commands of a CI's log.
  return shellText(/^[-:]/.test(path) ? `./${path}` : path);
}

/** A text of any kind as one word that bash takes for just that: quoted as {@link shellWord} quotes. */
export function shellText(text: string): string {
  if (holdsUnprintable(text)) {
    const quoted = text.replace(/['\\]/g, "\\$&").replace(UNPRINTABLE, bytesOf);
    return `$'${quoted}'`;
  }
  return /^[\p{L}\p{M}\p{N}_.,/:@%+=-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A value that was given for a path: in double quotes, or as `$'...'` where it has characters that must not be printed. */
export function quotedPath(path: string): string {
  return holdsUnprintable(path) ? shellWord(path) : JSON.stringify(path);
}

function holdsUnprintable(text: string): boolean {
  return text.search(UNPRINTABLE) >= 0;
}

/** UTF-8, byte for byte: every bash takes that, in every locale. */
function bytesOf(character: string): string {
  return SHORT[character] ?? [...Buffer.from(character)].map((byte) => `\\x${hex(byte, 2)}`).join("");
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code > 0xffff) return `\\u{${hex(code, 5)}}`;
  return code > 0xff ? `\\u${hex(code, 4)}` : `\\x${hex(code, 2)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
