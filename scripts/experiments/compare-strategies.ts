// Deaths per step and per unit of work of `--strategy guided` against `random`, over paired seeds.
// npx tsx scripts/experiments/compare-strategies.ts [--domain benchmark] [--seeds 20] [--cases 200]
// Of each seed the random arm runs so many cases, and the guided one as many steps.
import { parseArgs } from "node:util";
import { guidedStrategy } from "../../src/hunt/plan/guided.ts";
import { randomStrategy } from "../../src/hunt/plan/strategy.ts";
import { DOMAINS, type DomainName } from "../../src/programs/lstm/cases/domains.ts";
import { presets } from "../../src/programs/lstm/cases/presets.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";
import type { CaseSpace } from "../../src/programs/lstm/generation/caseMaker.ts";
import { generation } from "../../src/programs/lstm/generation/generation.ts";
import { guidance } from "../../src/programs/lstm/generation/guidance.ts";
import { type Searched, searchAlone } from "./search/searchAlone.ts";

const { values } = parseArgs({
  options: {
    domain: { type: "string", default: "benchmark" },
    seeds: { type: "string", default: "20" },
    cases: { type: "string", default: "200" },
  },
});
const domain = DOMAINS[values.domain as DomainName];
const engine = await openEngine("explorer");

const empty = (): Searched => ({
  cases: 0,
  steps: 0,
  work: 0,
  deaths: [],
  hottest: Number.NEGATIVE_INFINITY,
});

function add(to: Searched, { cases, steps, work, deaths }: Searched): void {
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

const kindsOf = ({ deaths }: Searched) => deaths.map(({ signature, stack }) => `${signature} in ${stack}`);

const random = empty();
const guided = empty();
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const space: CaseSpace = { domain, base: presets.published, seed: `paired-${seed}` };
  const one = await searchAlone(
    engine,
    randomStrategy(),
    space,
    ({ cases }) => cases >= Number(values.cases),
  );
  const other = await searchAlone(
    engine,
    guidedStrategy({ seed: space.seed, cases: generation.cases(space, space.seed), guidance }, null),
    space,
    ({ steps }) => steps >= one.steps,
  );
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
  const signatures = new Set(arm.deaths.map(({ signature }) => signature));
  const kinds = kindsOf(arm);
  console.log(
    `| ${name} | ${arm.cases} | ${arm.steps} | ${arm.work.toExponential(2)} | ${arm.deaths.length} | ${signatures.size} | ${new Set(kinds).size} | ${rarefied(kinds, fewer).toFixed(1)} |`,
  );
}
const times = (per: (arm: Searched) => number) =>
  (guided.deaths.length / per(guided) / (random.deaths.length / per(random))).toFixed(1);
console.log(
  `\nDeaths a step: ${times(({ steps }) => steps)} times. Deaths a unit of work: ${times(({ work }) => work)} times.`,
);
