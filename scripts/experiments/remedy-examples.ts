// What helps against the deaths of examples/: the table "on examples/" of docs/remedy.md.
// npx tsx scripts/experiments/remedy-examples.ts [--seeds 2] [--seconds 45] [--only FILE] [--write]
// Each example that is a program dies of its own default knobs; what can be done from outside of it and its mended twin are tried on the step,
// on the run that died and on other seeds. What is not reached in the seconds is not judged, and stands as "-".
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { EXAMPLES } from "../../src/programs/testing/examples.ts";
import { pythonWithFrameworks } from "../../src/programs/testing/pythonWithFrameworks.ts";
import type { Remedy } from "../../src/remedy/remedy.ts";
import { withTable } from "../withTable.ts";
import { MENDED, remediesOf } from "./remedy/onExample.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "2" },
    seconds: { type: "string", default: "45" },
    only: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const PAGE = "docs/remedy.md";
const COLUMNS = [MENDED, "clip-by-global-norm-1", "learning-rate-tenth", "skip-non-finite"] as const;

const python = pythonWithFrameworks();
if (python === null) throw new Error(".ci/python-programs makes the Python that the examples need");

function cell(remedy: Remedy | undefined): string {
  if (remedy === undefined) return "-";
  const { step, run, seeds, skipped, changesWhatIsTrained } = remedy;
  if (run === null && step === "notJudged") return "-";
  const parts = [
    run === null ? `step ${step}` : run.lives ? `lives ${run.steps}` : `dies at ${run.steps}`,
    ...(seeds === null ? [] : [`${seeds.lived}/${seeds.of}`]),
    ...(skipped === null || skipped === 0 ? [] : [`${skipped} skipped`]),
    ...(changesWhatIsTrained ? ["trains something else"] : []),
  ];
  return parts.join(", ");
}

function shown(loss: number | null): string {
  return loss === null ? "-" : String(Number(loss.toPrecision(3)));
}

const lines = [
  `| example | framework | dies of | first remedy | its loss, healthy runs' | ${COLUMNS.join(" | ")} |`,
  `|${"---|".repeat(5 + COLUMNS.length)}`,
];
for (const example of EXAMPLES) {
  if (example.form !== "program" || (values.only !== undefined && example.file !== values.only)) continue;
  const from = performance.now();
  const found = await remediesOf(example, {
    python,
    seeds: Number(values.seeds),
    seconds: Number(values.seconds),
  });
  const seconds = Math.round((performance.now() - from) / 1000);
  const { remedies = [], notJudged = [] } = found ?? {};
  const [best] = remedies;
  const saved = best !== undefined && (best.step === "holds" || best.run?.lives === true);
  lines.push(
    `| ${[
      `\`${example.file}\``,
      example.framework,
      example.mechanism,
      saved ? best.fix : "none",
      saved ? `${shown(best.loss)}, ${shown(found?.healthy.loss ?? null)}` : "-",
      ...COLUMNS.map((name) => cell(remedies.find(({ fix }) => fix === name))),
    ].join(" | ")} |`,
  );
  console.error(`${lines.at(-1)} (${seconds} s)`);
  for (const { fix, why } of notJudged) console.error(`  ${fix}: ${why}`);
}
const table = lines.join("\n");
console.log(table);
if (values.write) writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), "examples", table));
