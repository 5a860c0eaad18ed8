import { basename } from "node:path";
import { shellWord } from "../../documents/printable.ts";
import { writeWhole } from "../../documents/writeWhole.ts";
import { issueMarkdown } from "../../exports/issue.ts";
import type { Rendered } from "../../exports/render.ts";
import type { Reproduction } from "../../exports/reproduction.ts";
import type { Target } from "../../exports/target.ts";
import type { VerifiedScript } from "../../exports/verify.ts";
import type { Fixture } from "../../fixtures/schema.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { note, print, printJson } from "../output.ts";
import type { ExportFlags } from "./exportFlags.ts";

/** A script that is to be written or printed. */
export interface MadeScript {
  reproduction: Reproduction;
  /** Of a run's fixture the script is its fatal step alone. */
  grade: Fixture["grade"];
  target: Target;
  script: Rendered;
  verified: VerifiedScript | null;
}

/** Writes the script, or prints it; with --issue the report is what is printed, with --json a document of all of it. */
export function putScript({ out, issue, json, to }: ExportFlags, made: MadeScript): void {
  const { script, target, reproduction, verified, grade } = made;
  const { signature, sentence, step } = reproduction;
  const file =
    out === undefined ? `reproduction.${target.language === "python" ? "py" : "js"}` : basename(out);
  const files =
    out === undefined ? [] : [out, ...(script.beside === null ? [] : [out + script.beside.suffix])];
  if (out !== undefined) {
    if (script.beside !== null) writeWhole(out + script.beside.suffix, script.beside.contents);
    writeWhole(out, script.script);
    note(`written ${files.map((path) => shellWord(shownPath(path))).join(" and ")}`);
  }
  if (grade === "run") note(fatalStepOf(step));
  const report = issue ? issueMarkdown({ ...made, file }) : null;
  if (json)
    printJson({
      ...{ to, signature, sentence, step, files },
      script: out === undefined ? script.script : null,
      verified: verified && { ...verified.verdict, versions: verified.versions, onWasm: verified.onWasm },
      issue: report?.join("\n") ?? null,
    });
  else if (report !== null) print(report);
  else if (out === undefined) print(script.script.trimEnd().split("\n"));
}

/** Says of a run's fixture that one step of it is exported. */
export function fatalStepOf(step: number): string {
  return `it is the fatal step of the fixture's run, step ${step}, from the state before it`;
}
