/** One way of breaking a source: a stretch of its text, and its replacement. */
export interface Mutant {
  /** Path from the repository's root. */
  file: string;
  /** The innermost named function around it; empty outside of all. */
  within: string;
  before: string;
  after: string;
  start: number;
  /** Names the mutant in the table and in the list of equivalent ones. */
  id: string;
}

/** A stretch of a text that is to be replaced. */
export interface Edit {
  within: string;
  start: number;
  end: number;
  after: string;
  /** The stretch to show, with some text around it; the edit's own when it is left out. */
  shown?: { start: number; end: number };
}

/** Makes named mutants of edits: the same change a second time in one function is called `(2)`. */
export function mutantsOf(file: string, text: string, edits: readonly Edit[]): Mutant[] {
  const seen = new Map<string, number>();
  return [...edits]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map(({ within, start, end, after, shown = { start, end } }) => {
      const before = text.slice(start, end);
      const around = text.slice(shown.start, shown.end);
      const changed = text.slice(shown.start, start) + after + text.slice(end, shown.end);
      const change = `${within}: ${oneLine(around)} → ${oneLine(changed)}`;
      const count = (seen.get(change) ?? 0) + 1;
      seen.set(change, count);
      const id = `${file.replace("src/programs/lstm/engines/", "")} ${change}${count > 1 ? ` (${count})` : ""}`;
      return { file, within, before, after, start, id };
    });
}

/** Text with the mutant in it. */
export function broken(text: string, { start, before, after }: Mutant): string {
  if (text.slice(start, start + before.length) !== before)
    throw new Error(`the source has changed since the mutant was made: ${before}`);
  return text.slice(0, start) + after + text.slice(start + before.length);
}

function oneLine(text: string): string {
  const short = text.replace(/\s+/g, " ").trim();
  return short === ";" ? "(left out)" : short;
}
