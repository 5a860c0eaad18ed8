// Chooses the rungs of the guided search: prints how hot cases that die are at every step, and what ladders would have cost.
// npx tsx scripts/experiments/choose-rungs.ts [--domain default] [--cases 300] [--seed rungs]
// Runs random cases to their end, and applies every ladder to what was seen.
import { parseArgs } from "node:util";
import { runCase } from "../../src/hunt/run/runCase.ts";
import type { Rung } from "../../src/programs/generating.ts";
import { presets } from "../../src/programs/lstm/cases/presets.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";
import { caseMaker } from "../../src/programs/lstm/generation/caseMaker.ts";
import { LADDER } from "../../src/programs/lstm/generation/guidance.ts";
import { readDomain } from "../../src/programs/lstm/generation/readDomain.ts";

const { values } = parseArgs({
  options: {
    domain: { type: "string", default: "default" },
    cases: { type: "string", default: "300" },
    seed: { type: "string", default: "rungs" },
  },
});

/** Rungs that stop nothing: what a case would have reached at each step. */
const watched: Rung[] = [1, 2, 3, 5, 8, 12, 25, 50, 100, 200].map((step) => ({
  step,
  heat: Number.NEGATIVE_INFINITY,
}));

/** Ladders to compare: the one of the first experiment, the one in use, and it a quarter lower and higher. */
const scaled = (factor: number) => LADDER.map(({ step, heat }) => ({ step, heat: heat * factor }));
const LADDERS: Readonly<Record<string, readonly Rung[]>> = {
  none: [],
  "0.7, 2, 5.2 at 3, 5, 12": [
    { step: 3, heat: 0.7 },
    { step: 5, heat: 2 },
    { step: 12, heat: 5.2 },
  ],
  "a quarter lower": scaled(0.75),
  "in use": LADDER,
  "a quarter higher": scaled(1.25),
};

const engine = await openEngine("explorer");
const caseAt = caseMaker({ domain: readDomain(values.domain), base: presets.published, seed: values.seed });
interface Seen {
  heats: number[];
  steps: number;
  work: number;
  died: boolean;
}

const runs: Seen[] = [];
for (let index = 0; index < Number(values.cases); index++) {
  const run = await runCase(engine, caseAt({ index, parent: null }), { rungs: watched, beat: () => {} });
  runs.push({ heats: run.heats, steps: run.steps, work: run.work, died: run.status === "died" });
  if (index % 50 === 49) console.error(`${index + 1} cases`);
}

/** Sorted, hottest first. */
const heatsAt = (at: number, of: Seen[]) =>
  of.flatMap(({ heats }) => heats.slice(at, at + 1)).sort((a, b) => b - a);
const part = (sorted: number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]?.toFixed(1) ?? "-";

console.log(
  `${values.domain}: ${runs.length} random cases, ${runs.filter(({ died }) => died).length} died\n`,
);
console.log(
  "| step | half are hotter than | a tenth | 5 % | the coldest that dies later | 1 in 10 of those is colder than |",
);
console.log("|---|---|---|---|---|---|");
watched.forEach(({ step }, at) => {
  const all = heatsAt(at, runs);
  const dying = heatsAt(
    at,
    runs.filter(({ died, steps }) => died && steps > step),
  );
  console.log(
    `| ${step} | ${part(all, 0.5)} | ${part(all, 0.1)} | ${part(all, 0.05)} | ${part(dying, 1)} | ${part(dying, 0.9)} |`,
  );
});

console.log("\n| ladder | deaths kept | steps a case | deaths a step | deaths a unit of work |");
console.log("|---|---|---|---|---|");
const outcomes = Object.entries(LADDERS).map(([name, ladder]) => ({ name, ...apply(ladder) }));
const [whole] = outcomes;
for (const { name, deaths, steps, work } of outcomes) {
  const times = (cost: number, all: number) =>
    `${(deaths / cost / ((whole?.deaths ?? 0) / all)).toFixed(1)} times`;
  console.log(
    `| ${name} | ${deaths} | ${(steps / runs.length).toFixed(1)} | ${times(steps, whole?.steps ?? 0)} | ${times(work, whole?.work ?? 0)} |`,
  );
}

function apply(ladder: readonly Rung[]) {
  let [deaths, steps, work] = [0, 0, 0];
  for (const run of runs) {
    const missed = ladder.find(({ step, heat }) => {
      const seen = run.heats[watched.findIndex((rung) => rung.step === step)];
      return seen !== undefined && step < run.steps && seen < heat;
    });
    const ran = missed?.step ?? run.steps;
    steps += ran;
    work += (run.work * ran) / run.steps;
    if (run.died && missed === undefined) deaths += 1;
  }
  return { deaths, steps, work };
}
