// Deaths per step and per unit of work of `--strategy guided` against `random`, over paired seeds.
// npx tsx scripts/compare-strategies.ts [--domain benchmark] [--seeds 20] [--cases 200]
// Of each seed the random arm runs so many cases, and the guided one as many steps.
import { parseArgs } from "node:util";
import { DOMAINS, type DomainName } from "../src/cases/domains.ts";
import { presets } from "../src/cases/presets.ts";
import { openEngine } from "../src/engines/open.ts";
import { caseMaker } from "../src/search/caseMaker.ts";
import { guidedStrategy } from "../src/search/guided.ts";
import { runCase } from "../src/search/runCase.ts";
import { randomStrategy, type Strategy } from "../src/search/strategy.ts";
import type { CaseSpace } from "../src/search/tasks.ts";

const { values } = parseArgs({
  options: {
    domain: { type: "string", default: "benchmark" },
    seeds: { type: "string", default: "20" },
    cases: { type: "string", default: "200" },
  },
});
const domain = DOMAINS[values.domain as DomainName];
const engine = await openEngine("explorer");

/** What an arm did. */
interface Arm {
  cases: number;
  steps: number;
  work: number;
  /** What each death was: its signature and the activations of its layers. */
  deaths: string[];
}

const empty = (): Arm => ({ cases: 0, steps: 0, work: 0, deaths: [] });

/** Searches, as a hunt with one worker does, until `enough`. */
async function search(strategy: Strategy, space: CaseSpace, enough: (arm: Arm) => boolean): Promise<Arm> {
  const caseAt = caseMaker(space);
  const arm = empty();
  for (let index = 0; !enough(arm); index++) {
    const plan = strategy.plan(index);
    if (plan === null) throw new Error("a strategy plans ahead of one worker");
    const ref = { index, parent: plan.parent };
    const testCase = caseAt(ref);
    const run = await runCase(engine, testCase, { rungs: plan.rungs, beat: () => {} });
    const signature = run.status === "died" ? (run.diagnosis?.signature ?? "unexplained") : null;
    const { status, steps, work, heats, heat } = run;
    strategy.learn(ref, { kind: "ran", status, steps, work, heats, heat, signature });
    arm.cases += 1;
    arm.steps += steps;
    arm.work += work;
    const stack = testCase.model.layers.map(({ activation }) => activation).join(",");
    if (signature !== null) arm.deaths.push(`${signature} in ${stack}`);
  }
  return arm;
}

function add(to: Arm, { cases, steps, work, deaths }: Arm): void {
  to.cases += cases;
  to.steps += steps;
  to.work += work;
  to.deaths.push(...deaths);
}

/** Kinds expected among `size` deaths drawn without replacement (rarefaction: Hurlbert 1971). */
function rarefied(kinds: string[], size: number): number {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  let expected = 0;
  for (const count of counts.values()) {
    let missed = 1;
    for (let i = 0; i < size; i++) missed *= Math.max(0, kinds.length - count - i) / (kinds.length - i);
    expected += 1 - missed;
  }
  return expected;
}

const random = empty();
const guided = empty();
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const space: CaseSpace = { domain, base: presets.published, seed: `paired-${seed}` };
  const one = await search(randomStrategy(), space, ({ cases }) => cases >= Number(values.cases));
  const other = await search(guidedStrategy(space, null), space, ({ steps }) => steps >= one.steps);
  add(random, one);
  add(guided, other);
  console.error(
    `seed ${seed}: random ${one.deaths.length} of ${one.cases}, guided ${other.deaths.length} of ${other.cases}`,
  );
}

const fewer = Math.min(random.deaths.length, guided.deaths.length);
console.log(`${values.domain}, ${values.seeds} paired seeds\n`);
console.log(
  "| | cases | steps | work | deaths | signatures | signature and layers | of them among as many deaths |",
);
console.log("|---|---|---|---|---|---|---|---|");
for (const [name, arm] of Object.entries({ random, guided })) {
  const signatures = new Set(arm.deaths.map((death) => death.split(" ")[0]));
  console.log(
    `| ${name} | ${arm.cases} | ${arm.steps} | ${arm.work.toExponential(2)} | ${arm.deaths.length} | ${signatures.size} | ${new Set(arm.deaths).size} | ${rarefied(arm.deaths, fewer).toFixed(1)} |`,
  );
}
const times = (per: (arm: Arm) => number) =>
  (guided.deaths.length / per(guided) / (random.deaths.length / per(random))).toFixed(1);
console.log(
  `\nDeaths a step: ${times(({ steps }) => steps)} times. Deaths a unit of work: ${times(({ work }) => work)} times.`,
);
