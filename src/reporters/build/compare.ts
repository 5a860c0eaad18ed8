import { shellWord } from "../../documents/printable.ts";
import type { Comparison } from "../../programs/lstm/recordings/compare.ts";
import { comparisonLine } from "../../programs/lstm/reporters/compare.ts";
import { type BuildReport, notPassed, passed } from "./buildReport.ts";

/** The agreement of recordings with an engine, for a build; the paths of the recordings as typed. */
export function compareBuild(
  engine: string,
  compared: readonly { path: string; comparison: Comparison }[],
): BuildReport {
  const agreeing = compared.filter(({ comparison: { agree } }) => agree).length;
  return {
    command: "compare",
    title: `on ${engine}`,
    summary: `${agreeing} of ${compared.length} recordings agree on ${engine}`,
    items: compared.map(({ path, comparison }) => {
      const line = comparisonLine(comparison).replace(/^\w+ +/, "");
      if (comparison.agree) return passed(path, "agrees", [line]);
      return notPassed("failed", {
        ...{ name: path, kind: "disagrees", message: line },
        details: [`npx nanproof compare ${shellWord(path)} --engine ${engine}`],
      });
    }),
  };
}
