import { styleText } from "node:util";
import cliTruncate from "cli-truncate";
import stringWidth from "string-width";
import { leftWords, progressText, type TimedProgress } from "./progress.ts";

/** Columns of a bar between its brackets: no more than this, and no bar below that. */
const WIDEST = 24;
const NARROWEST = 8;
/** Columns of a terminal from which on words are cut for a bar. */
const ROOMY = 60;

/**
 * Progress in one line of a terminal: its head, a bar with what is left where that is known, and as many words as there is
 * room for, the rest as an ellipsis.
 * @param stream Whose colours are used, if it shows any.
 */
export function progressRow(progress: TimedProgress, room: number, stream: NodeJS.WriteStream): string {
  const { head, tail, part, secondsLeft } = progress;
  const text = progressText(progress);
  if (part === null) return cut(text, room);
  const spare = room - stringWidth(text) - "  []".length;
  const width = spare >= NARROWEST ? Math.min(WIDEST, spare) : room >= ROOMY ? NARROWEST : 0;
  if (width === 0) return cut(text, room);
  const left = secondsLeft === null ? "" : `  ${leftWords(secondsLeft)}`;
  return cut(`${head}  ${bar(part, width, stream)}${left}${tail === "" ? "" : `  ${tail}`}`, room);
}

function bar(part: number, width: number, stream: NodeJS.WriteStream): string {
  const filled = Math.floor(part * width);
  const done = styleText("green", "#".repeat(filled), { stream });
  return `[${filled === 0 ? "" : done}${"-".repeat(width - filled)}]`;
}

/** Words in no more columns than that. A character of two columns, or of several parts, may reach past where cliTruncate cuts. */
function cut(text: string, room: number): string {
  for (let columns = room; ; columns--) {
    const row = cliTruncate(text, columns);
    if (columns <= 1 || stringWidth(row) <= room) return row;
  }
}
