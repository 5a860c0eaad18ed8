import { safeText } from "./commentLines.ts";

/** A text as code of Markdown, where neither marks, nor HTML, nor the name of a person or an issue means anything. */
export function code(text: string): string {
  const safe = safeText(text);
  const ticks = "`".repeat(longestRun(safe) + 1);
  const space = safe.startsWith("`") || safe.endsWith("`") ? " " : "";
  return `${ticks}${space}${safe}${space}${ticks}`;
}

/** Lines between fences that nothing in them ends. */
export function fenced(language: string, lines: readonly string[]): string[] {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [`${fence}${language}`, ...lines, fence];
}

/** Lines that are shown when a reader opens them. */
export function folded(summary: string, lines: readonly string[]): string[] {
  return [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>"];
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
