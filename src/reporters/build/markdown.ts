import { printable } from "../../documents/printable.ts";
import type { BuildItem, BuildReport } from "./buildReport.ts";

const SIGNS = { passed: "ok", failed: "**failed**", skipped: "not judged" } as const;
/** Rows of a table past which it is cut, worst first: a job's summary has room for a megabyte. */
const MOST_ROWS = 500;

/** A report in Markdown: a table of all that was looked at, what is wrong first, and below it what to type. */
export function markdownReport({ command, title, summary, items }: BuildReport): string[] {
  const order = ["failed", "skipped", "passed"];
  const sorted = [...items].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  const shown = sorted.slice(0, MOST_ROWS);
  return [
    `## nanproof ${command}${title === "" ? "" : ` ${code(title)}`}`,
    "",
    escaped(summary),
    "",
    ...(shown.length === 0 ? [] : ["| | what | came out |", "|---|---|---|", ...shown.map(row)]),
    ...(sorted.length > shown.length ? ["", `and ${sorted.length - shown.length} more`] : []),
    ...shown.filter(({ outcome }) => outcome === "failed").flatMap(block),
    "",
  ];
}

function row({ outcome, name, kind, message }: BuildItem): string {
  return `| ${SIGNS[outcome]} | ${code(name)} | ${escaped([kind, message].filter(Boolean).join(": "))} |`;
}

function block({ name, details }: BuildItem): string[] {
  if (details.length === 0) return [];
  return ["", code(name), "", ...details.map((line) => `    ${printable(line)}`)];
}

/** A text in which nothing is markup. */
function escaped(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_{}[\]()#+!|~@-]/g, "\\$&");
}

/** A text as code, in a table too. */
function code(text: string): string {
  const line = printable(text).replaceAll("|", "\\|");
  const fence = "`".repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  return fence === "`" ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}
