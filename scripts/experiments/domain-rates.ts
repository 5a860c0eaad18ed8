/**
 * Measures how often runs of a domain die, by units, timesteps and learning rate: the hunt's default domain was chosen by this table.
 * Run: npx tsx scripts/experiments/domain-rates.ts [domain] [preset] [cases] (default, published, 1000). Prints a table for docs/generated-cases.md.
 */

import { PRESET_NAMES, presets } from "../../src/programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../../src/programs/lstm/cases/schema.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";
import { run } from "../../src/programs/lstm/engines/run.ts";
import { drawCase } from "../../src/programs/lstm/generation/drawCase.ts";
import { readDomain } from "../../src/programs/lstm/generation/readDomain.ts";
import { trainingCase } from "../../src/programs/lstm/generation/trainingCase.ts";

const [domainName = "default", presetName = "published", cases = "1000"] = process.argv.slice(2);
const preset = PRESET_NAMES.find((name) => name === presetName) ?? "published";
const drawn = trainingCase(readDomain(domainName), presets[preset]);
const explorer = await openEngine("explorer");

/** Runs and deaths of one group of cases. */
interface Tally {
  runs: number;
  deaths: number;
}

const groups = new Map<string, Tally>();
function count(group: string, died: boolean): void {
  const tally = groups.get(group) ?? { runs: 0, deaths: 0 };
  groups.set(group, { runs: tally.runs + 1, deaths: tally.deaths + Number(died) });
}

const below = (value: number, bounds: readonly number[]) =>
  bounds.find((bound) => value < bound) ?? "the rest";

function groupsOf({ model, data, optimizer }: TrainingCase): string[] {
  const time = data.kind === "synthetic" ? (data.batches[0]?.time ?? 0) : 0;
  const units = model.layers[0]?.units ?? 0;
  return [
    "all",
    `units below ${below(units, [5, 9, 13, 17])}`,
    `timesteps below ${below(time, [17, 33, 49, 65])}`,
    `learning rate below ${below(optimizer.learningRate, [0.003, 0.01, 0.03, 0.1, 0.3001])}`,
    `${model.layers.at(-1)?.activation} on top`,
  ];
}

let steps = 0;
for (let index = 0; index < Number(cases); index++) {
  const testCase = drawCase(drawn, "rates", `rates/${index}`);
  const trajectory = await run(testCase, { engine: explorer });
  steps += trajectory.steps;
  for (const group of groupsOf(testCase)) count(group, trajectory.status === "failed");
}

console.log(`| ${domainName}, ${preset} | runs | died | part |\n|---|---|---|---|`);
for (const [group, { runs, deaths }] of [...groups].sort(([a], [b]) => a.localeCompare(b)))
  console.log(`| ${group} | ${runs} | ${deaths} | ${((100 * deaths) / runs).toFixed(2)} % |`);
console.error(`${steps} steps`);
