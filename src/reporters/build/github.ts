import { printable } from "../../documents/printable.ts";
import type { BuildItem, BuildReport } from "./buildReport.ts";

/**
 * GitHub's annotations: a command a line, which the runner takes out of the log and puts beside the file. What is in them is
 * escaped as the runner reads it, and says nothing else to it.
 */
export function githubAnnotations({ command, title, items, summary }: BuildReport): string[] {
  const wrong = items.filter(({ outcome }) => outcome !== "passed");
  const notice = `::notice title=${property(`nanproof ${command} ${title}`.trim())}::${data(summary)}`;
  return [...wrong.map((item) => annotation(command, item)), notice];
}

function annotation(command: string, { outcome, file, line, kind, message, details }: BuildItem): string {
  const level = outcome === "failed" ? "error" : "warning";
  const place = file === null ? [] : [`file=${property(file)}`, `line=${line}`];
  const properties = [...place, `title=${property(`nanproof ${command}: ${kind}`)}`].join(",");
  return `::${level} ${properties}::${data([message, ...details].map(printable).join("\n"))}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(printable(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
