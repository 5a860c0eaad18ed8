import builder from "junit-report-builder";
import { printable } from "../../documents/printable.ts";
import type { BuildItem, BuildReport } from "./buildReport.ts";

/** Its types call the builder the default export of a module, and it is the module itself. */
const junit = builder as unknown as typeof builder.default;

/** Characters that XML 1.0 has no way to write. */
const NOT_XML = /[\ufffe\uffff]/g;

/** JUnit's XML, as Jenkins, GitLab and most others read it: a suite a command, a case an item. */
export function junitXml({ command, title, items }: BuildReport): string {
  const root = junit.newBuilder();
  const suite = root.testSuite().name(text(`nanproof ${command} ${title}`.trim()));
  for (const item of items) {
    const testCase = suite.testCase().className(`nanproof.${command}`).name(text(item.name));
    if (item.outcome === "failed")
      testCase.failure(text(item.message), text(item.kind)).stacktrace(lines(item));
    if (item.outcome === "skipped") testCase.skipped();
    if (item.outcome !== "failed" && lines(item) !== "") testCase.standardOutput(lines(item));
  }
  // Of the whole Jenkins' schema knows no count of what was skipped.
  return root.build().replace(/(<testsuites [^>]*?) skipped="\d+"/, "$1");
}

/** The message and what else is known, in lines. */
function lines({ message, details }: BuildItem): string {
  return (
    [message, ...details]
      .filter((line) => line !== "")
      .map(text)
      .join("\n")
      // The library ends a section of text at the second of these.
      .replaceAll("]]>", "]] >")
  );
}

function text(line: string): string {
  return printable(line).replace(NOT_XML, "");
}
