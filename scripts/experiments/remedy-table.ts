// What the first-ranked remedy of a death is worth on fresh seeds: the table of docs/remedy.md.
// npx tsx scripts/experiments/remedy-table.ts [--deaths 60] [--write]
// Deaths are drawn from the domain `default` and from other stacks, each the first run of a case that dies within its steps.
// Each gets its remedies on four seeds; the first is then tried on eight others, that it was not ranked on.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { storedFixture } from "../../src/library/testing/storedFixture.ts";
import { DOMAINS, type Domain } from "../../src/programs/lstm/cases/domains.ts";
import { presets } from "../../src/programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../../src/programs/lstm/cases/schema.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";
import { run } from "../../src/programs/lstm/engines/run.ts";
import { fixNamed } from "../../src/programs/lstm/fixes/fixes.ts";
import { sibling } from "../../src/programs/lstm/fixes/sibling.ts";
import { caseMaker } from "../../src/programs/lstm/generation/caseMaker.ts";
import { findRemedies } from "../../src/remedy/search.ts";
import { withTable } from "../withTable.ts";
import { median } from "./warning/score.ts";

const { values } = parseArgs({
  options: { deaths: { type: "string", default: "60" }, write: { type: "boolean", default: false } },
});
const PAGE = "docs/remedy.md";
const FRESH = 8;
/** A death so late is left out: its remedies train ten times as long, twelve times over. */
const LATEST = 80;

const { default: own, benchmark } = DOMAINS;
const stacks: Domain = {
  ...benchmark,
  layers: { count: { min: 1, max: 2 }, activations: ["relu", "tanh"] },
  units: { min: 4, max: 12, each: "layer" },
  rows: { min: 1, max: 4 },
  time: { min: 40, max: 72 },
  steps: { min: LATEST, max: LATEST },
  learningRate: { min: 0.02, max: 0.3 },
  layouts: ["none", "ragged"],
};
const DRAWN: Readonly<Record<string, Domain>> = {
  "`default`": { ...own, rows: { min: 1, max: 4 }, steps: { min: LATEST, max: LATEST } },
  "other stacks": stacks,
};

const engine = await openEngine("explorer");

async function* deaths(domain: Domain, count: number): AsyncGenerator<TrainingCase> {
  const caseAt = caseMaker({ domain, base: presets.published, seed: "remedy/measure" });
  for (let index = 0, found = 0; found < count; index++) {
    const testCase = caseAt({ index, parent: null });
    const trajectory = await run(testCase, { engine });
    // What dies at its first step asks for no training.
    if (trajectory.status !== "failed" || trajectory.death.diagnosis === null || trajectory.steps < 2)
      continue;
    found += 1;
    yield testCase;
  }
}

/** One fix that does what all fixes of a name like `a + b` do. */
function appliedBy(name: string): (testCase: TrainingCase) => TrainingCase {
  const { more = [] } = engine.program.trials ?? {};
  const parts = name.split(" + ").map((one) => fixNamed(one) ?? more.find((fix) => fix.name === one));
  return (testCase) =>
    parts.reduce((fixed, fix) => (fix?.apply(fixed) as TrainingCase | undefined) ?? fixed, testCase);
}

const lines = [
  "| deaths | first remedy | how often | alive on fresh seeds | validation loss, median | healthy runs' |",
  "|---|---|---|---|---|---|",
];
const all = { lived: 0, of: 0, losses: [] as number[], healthy: [] as number[] };
const thread = new Map<string, { run: number; of: number; lived: number; seeds: number }>();
for (const [name, domain] of Object.entries(DRAWN)) {
  const first = new Map<
    string,
    { count: number; lived: number; of: number; losses: number[]; healthy: number[] }
  >();
  let done = 0;
  for await (const testCase of deaths(domain, Math.ceil(Number(values.deaths) / 2))) {
    const stored = await storedFixture(testCase, "run", engine);
    const found = await findRemedies(stored, engine, {
      seeds: 4,
      own: [],
      signal: { aborted: false },
    });
    if (found === null) continue;
    const { remedies, healthy } = found;
    for (const { fix, run: judged, seeds } of remedies) {
      const known = thread.get(fix) ?? { run: 0, of: 0, lived: 0, seeds: 0 };
      if (judged)
        thread.set(fix, {
          run: known.run + Number(judged.lives),
          of: known.of + 1,
          lived: known.lived + (seeds?.lived ?? 0),
          seeds: known.seeds + (seeds?.of ?? 0),
        });
    }
    const [best] = remedies;
    if (best === undefined) continue;
    const apply = appliedBy(best.fix);
    let lived = 0;
    for (let seed = 1; seed <= FRESH; seed++) {
      const fresh = apply(sibling(testCase, `fresh/${seed}`));
      const { status } = await run({ ...fresh, steps: 3 * stored.fixture.expected.step }, { engine });
      lived += Number(status === "completed");
    }
    const known = first.get(best.fix) ?? { count: 0, lived: 0, of: 0, losses: [], healthy: [] };
    first.set(best.fix, known);
    known.count += 1;
    for (const sum of [known, all]) {
      sum.lived += lived;
      sum.of += FRESH;
      if (best.validationLoss !== null && healthy.validationLoss !== null) {
        sum.losses.push(best.validationLoss);
        sum.healthy.push(healthy.validationLoss);
      }
    }
    done += 1;
    console.error(`${name}: ${done}, first ${best.fix}, ${lived} of ${FRESH} fresh seeds`);
  }
  for (const [fix, { count, lived, of, losses, healthy }] of [...first].sort(
    (a, b) => b[1].count - a[1].count,
  ))
    lines.push(row(name, fix, String(count), lived, of, losses, healthy));
}
lines.push(row("all", "first-ranked", values.deaths, all.lived, all.of, all.losses, all.healthy));
lines.push(
  "",
  "| remedy | the run that died lives | other seeds live, where it was tried |",
  "|---|---|---|",
);
for (const [fix, { run: lives, of, lived, seeds }] of [...thread]
  .filter(([fix]) => !fix.includes(" + "))
  .sort((a, b) => b[1].run - a[1].run))
  lines.push(`| ${fix} | ${lives} of ${of} | ${seeds === 0 ? "-" : `${lived} of ${seeds}`} |`);
const table = lines.join("\n");
console.log(table);
if (values.write) writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), "remedy", table));

function row(
  name: string,
  fix: string,
  count: string,
  lived: number,
  of: number,
  losses: number[],
  healthy: number[],
): string {
  const number = (found: number[]) =>
    found.length === 0 ? "-" : `${median(found).toFixed(4)} (${found.length})`;
  return `| ${name} | ${fix} | ${count} | ${lived} of ${of} (${((100 * lived) / of).toFixed(1)} %) | ${number(losses)} | ${number(healthy)} |`;
}
