import { basename, join, resolve } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import { shellWord } from "../../documents/printable.ts";
import { bundleFiles } from "../../exports/bundle/bundle.ts";
import type { Framework } from "../../exports/bundle/frameworks.ts";
import { bundleIssue } from "../../exports/bundle/issue.ts";
import type { BundleParts } from "../../exports/bundle/parts.ts";
import { writeBundle } from "../../exports/bundle/runBundle.ts";
import type { VerifiedBundle } from "../../exports/bundle/verifyBundle.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { note, print, printJson } from "../output.ts";
import type { ExportFlags } from "./exportFlags.ts";
import { fatalStepOf } from "./putScript.ts";

/** Writes the folder, and prints the report, or a document of all of it. */
export function putBundle(
  { issue, json }: ExportFlags,
  out: string,
  parts: BundleParts,
  verified: VerifiedBundle | null,
): void {
  const { framework, fixture, files } = parts;
  const report = issue ? bundleIssue(named(parts, framework), basename(resolve(out)), verified) : null;
  const written = bundleFiles(parts);
  writeBundle(out, written);
  note(`written ${shellWord(shownPath(out))}: ${written.size} files`);
  if (fixture.grade === "run") note(fatalStepOf(parts.step.case.cutOutAt));
  for (const sentence of files.unknown) note(sentence);
  if (json)
    printJson({
      to: "bundle",
      signature: fixture.expected.signature,
      sentence: fixture.sentence ?? "",
      step: parts.step.case.cutOutAt,
      files: [...written.keys()].map((path) => join(out, path)),
      unknown: files.unknown,
      isOtherProgram: parts.isOtherProgram,
      script: null,
      verified: verified && { ...verified.verdict, versions: verified.versions, onWasm: verified.onWasm },
      issue: report?.join("\n") ?? null,
    });
  else if (report !== null) print(report);
}

function named(
  parts: BundleParts,
  framework: BundleParts["framework"],
): BundleParts & { framework: Framework } {
  if (framework !== null) return { ...parts, framework };
  throw new UsageError(
    "NANPROOF_E_EXPORT",
    "--issue: what framework the program is written for cannot be told from its text",
    "give --verify too: then it is run",
  );
}
