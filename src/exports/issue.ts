import { safeText } from "./commentLines.ts";
import type { Rendered } from "./render.ts";
import type { Reproduction } from "./reproduction.ts";
import type { Target } from "./target.ts";
import type { Verified } from "./verify.ts";

/** What a bug report is made of. */
export interface IssueParts {
  reproduction: Reproduction;
  target: Target;
  script: Rendered;
  /** What the script's file is called. */
  file: string;
  verified: Verified | null;
}

/** The Markdown that a framework's tracker asks for: environment, steps, expected, actual, and the script in a fold. */
export function issueMarkdown({ reproduction, target, script, file, verified }: IssueParts): string[] {
  const fence = "`".repeat(Math.max(3, longestRun(script.script) + 1));
  const ran = verified !== null && verified.verdict.kind !== "cannot run" ? verified : null;
  const fill = "(fill in)";
  const platform = `${process.platform} ${process.arch}`;
  const attached =
    script.beside === null
      ? []
      : [
          `Its numbers are attached as ${code(file + script.beside.suffix)}; it looks for them beside itself.`,
          "",
        ];
  return [
    `### An LSTM's training step ends in ${ending(verified)} in ${target.title}`,
    "",
    "**Environment**",
    "",
    ...(ran?.versions ?? target.packages.map((name) => `${name} ${fill}`)).map(
      (version) => `- ${code(version)}`,
    ),
    `- ${ran === null ? `operating system ${fill}` : `operating system: ${code(platform)}`}`,
    "- own code: yes, the script below; no data and no other file is downloaded",
    "",
    "**Steps to reproduce**",
    "",
    `Save the script below as ${code(file)} and run ${code(`${target.command} ${file}`)}. Exit status: 1 it dies, 0 it lives, 125 it cannot run, so that ${code("git bisect run")} can use it.`,
    "",
    ...attached,
    code(`${reproduction.sentence} (${reproduction.signature})`),
    "",
    "**Expected behaviour**",
    "",
    "Finite loss, gradients and weights" +
      (ran?.seen.float64Lives === true ? ", as the same numbers give in float64." : "."),
    "",
    "**Actual behaviour**",
    "",
    actual(verified),
    "",
    "<details><summary>The script</summary>",
    "",
    `${fence}${target.language}`,
    ...script.script.trimEnd().split("\n"),
    fence,
    "",
    "</details>",
  ];
}

function ending(verified: Verified | null): string {
  const word = /got ([a-z]+)$/.exec(verified?.seen.lastLine ?? "")?.[1];
  return word === "inf" ? "Infinity" : word === "nan" ? "NaN" : "NaN or Infinity";
}

function actual(verified: Verified | null): string {
  if (verified === null || verified.verdict.kind === "cannot run")
    return "(fill in what the script prints last)";
  return verified.seen.status === "dies"
    ? code(verified.seen.lastLine)
    : `It lives: ${code(verified.seen.lastLine)}`;
}

/** A text as code of Markdown, where neither marks, nor HTML, nor the name of a person or an issue means anything. */
function code(text: string): string {
  const safe = safeText(text);
  const ticks = "`".repeat(longestRun(safe) + 1);
  const space = safe.startsWith("`") || safe.endsWith("`") ? " " : "";
  return `${ticks}${space}${safe}${space}${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
