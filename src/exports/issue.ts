import { type Report, reportLines } from "./issueForms.ts";
import { code, fenced, folded } from "./markdown.ts";
import type { Rendered } from "./render.ts";
import type { Reproduction } from "./reproduction.ts";
import type { Target } from "./target.ts";
import type { VerifiedScript } from "./verify.ts";

/** The contents of a bug report. */
export interface IssueParts {
  reproduction: Reproduction;
  target: Target;
  script: Rendered;
  /** The name of the script's file. */
  file: string;
  verified: VerifiedScript | null;
}

/** The Markdown that the tracker of a target's framework asks for, under its own headings, with the script in a fold. */
export function issueMarkdown(parts: IssueParts): string[] {
  return reportLines(parts.target.tracker, reportOf(parts));
}

function reportOf({ reproduction, target, script, file, verified }: IssueParts): Report {
  const ran = verified !== null && verified.verdict.kind !== "cannot run" ? verified : null;
  const attached =
    script.beside === null
      ? []
      : [
          `Its numbers are attached as ${code(file + script.beside.suffix)}; it looks for them beside itself.`,
        ];
  const command = `${target.command} ${file}`;
  return {
    title: `An LSTM's training step ends in ${ending(ran?.seen.lastLine)} in ${target.title}`,
    versions: ran?.versions ?? target.packages.map((name) => `${name} (version: fill in)`),
    system: ran === null ? null : `${process.platform} ${process.arch}`,
    command,
    problem: [code(`${reproduction.sentence} (${reproduction.signature})`)],
    steps: [`Save the script below as ${code(file)} and run ${code(command)}. ${EXIT_STATUS}`, ...attached],
    expected: [
      "Finite loss, gradients and weights" +
        (ran?.seen.float64Lives === true ? ", as the same numbers give in float64." : "."),
    ],
    actual: actualLines(ran),
    script: folded("The script", fenced(target.language, script.script.trimEnd().split("\n"))),
  };
}

/** The meaning of an exit status, the same for every script and bundle. */
export const EXIT_STATUS = `Exit status: 1 it dies, 0 it lives, 125 it cannot run, so that ${code("git bisect run")} can use it. Nothing is downloaded.`;

/** The word of a title for the number that a last line ends with. */
export function ending(lastLine = ""): string {
  const word = /got ([a-z]+)$/.exec(lastLine)?.[1];
  return word === "inf" ? "Infinity" : word === "nan" ? "NaN" : "NaN or Infinity";
}

function actualLines(ran: VerifiedScript | null): string[] {
  if (ran === null) return ["(fill in what the script prints last)"];
  const { seen, onWasm } = ran;
  const last = seen.status === "dies" ? code(seen.lastLine) : `It lives: ${code(seen.lastLine)}`;
  return [last, ...(onWasm === null ? [] : ["", code(onWasm)])];
}
