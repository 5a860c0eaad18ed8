import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT_STATUS, ending } from "../issue.ts";
import { reportLines, type Tracker } from "../issueForms.ts";
import { code, fenced, folded } from "../markdown.ts";
import { FRAMEWORK_PARTS, type Framework } from "./frameworks.ts";
import { isPython } from "./localFiles.ts";
import { type BundleParts, bundleCommand } from "./parts.ts";
import type { VerifiedBundle } from "./verifyBundle.ts";

/** The trackers of the frameworks. */
const TRACKERS: Readonly<Record<Framework, Tracker>> = {
  ...{ tfjs: "tfjs", torch: "pytorch", keras: "keras" },
  ...{ tensorflow: "tensorflow", tensorflow1: "tensorflow", jax: "jax" },
};

/** The bug report around a bundle, which is attached to it; the program is in a fold. */
export function bundleIssue(
  parts: BundleParts & { framework: Framework },
  folder: string,
  verified: VerifiedBundle | null,
): string[] {
  const { files, fixture, framework, packages } = parts;
  const { title, package: needed } = FRAMEWORK_PARTS[framework];
  const ran = verified !== null && verified.verdict.kind !== "cannot run" ? verified : null;
  const last = ran?.verdict.kind === "dies" || ran?.verdict.kind === "differs" ? ran.verdict.last : "";
  const command = bundleCommand(parts).join(" ");
  const program = readFileSync(join(files.root, ...files.program), "utf8")
    .trimEnd()
    .split("\n");
  const versions = isPython(files)
    ? [`${needed} (version: fill in)`]
    : Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return reportLines(TRACKERS[framework], {
    title: `A training step ends in ${ending(last)} in ${title}`,
    versions: ran?.versions ?? versions,
    system: ran === null ? null : `${process.platform} ${process.arch}`,
    command,
    problem: [code(`${fixture.sentence ?? ""} (${fixture.expected.signature})`)],
    steps: [
      `Unpack the attached folder ${code(folder)} and run ${code(command)} in it: it puts the state before the step in place, and runs ` +
        `that one step of the program below. ${EXIT_STATUS}`,
    ],
    expected: ["Finite loss, gradients and weights."],
    actual:
      ran === null
        ? ["(fill in what the runner prints last)"]
        : [code(last), ...(ran.onWasm === null ? [] : ["", code(ran.onWasm)])],
    script: folded("The program", fenced(isPython(files) ? "python" : "javascript", program)),
  });
}
