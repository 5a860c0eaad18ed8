import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { measureTarget, type TargetOutcome } from "../../src/exports/measure.ts";
import { TARGET_NAMES, TARGETS } from "../../src/exports/targets.ts";
import { readFixture } from "../../src/fixtures/store.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";
import { withTable } from "../withTable.ts";

/**
 * Writes the tables of docs/export.md anew: the fate of every committed fixture in every target, as its script shows.
 *
 *   npx tsx scripts/experiments/export-table.ts PYTHON
 *
 * PYTHON has PyTorch, TensorFlow with Keras, and JAX; .ci/python-programs makes one and prints its path.
 */
const PAGE = "docs/export.md";
const [python = "python3"] = process.argv.slice(2);
const files = readdirSync("fixtures")
  .filter((name) => name.endsWith(".json"))
  .sort();
const stored = files.map((name) => readFixture(`fixtures/${name}`));
const engine = await openEngine("explorer");

const columns: { versions: readonly string[]; outcomes: readonly TargetOutcome[] }[] = [];
for (const name of TARGET_NAMES) {
  console.error(`running ${name}`);
  columns.push(await measureTarget(stored, engine, TARGETS[name], { python }));
}

const words = (outcome: TargetOutcome | undefined): string => {
  switch (outcome?.kind) {
    case "dies":
      return outcome.factor === 1 ? "dies" : `dies, weights x ${outcome.factor}`;
    case "differs":
      return outcome.instead;
    case "refused":
      return "not expressed";
    default:
      return "cannot run";
  }
};
const rows = files.map((file, at) => {
  const id = file.replace(/^.*-([0-9a-f]{12})\.json$/, "$1");
  const { grade, expected } = stored[at]?.fixture ?? {};
  const cells = columns.map(({ outcomes }) => words(outcomes[at]));
  return `| [${id}](../fixtures/${file}) | ${grade} | ${expected?.signature} | ${cells.join(" | ")} |`;
});
const all = columns.flatMap(({ outcomes }) => outcomes).filter(({ kind }) => kind !== "refused");
const same = all.filter(({ kind }) => kind === "dies").length;
const others = TARGET_NAMES.flatMap((name, column) =>
  (columns[column]?.outcomes ?? []).flatMap((outcome, at) =>
    outcome.kind === "dies"
      ? []
      : [`- ${files[at]} in \`${name}\`: ${"why" in outcome ? outcome.why : words(outcome)}`],
  ),
);
const versions = TARGET_NAMES.map((name, column) => `${name}: ${columns[column]?.versions.join(", ")}`);
const table = [
  `| fixture | grade | signature | ${TARGET_NAMES.join(" | ")} |`,
  `|${"---|".repeat(TARGET_NAMES.length + 3)}`,
  ...rows,
  "",
  `${same} of ${all.length} die at the same timestep of the same mechanism. Run with ${versions.join("; ")}.`,
  "",
  others.length === 0 ? "None does otherwise." : "Those that do otherwise:",
  ...(others.length === 0 ? [] : ["", ...others]),
];
writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), "exports", table.join("\n")));
console.log(`${same} of ${all.length} die the same way`);
