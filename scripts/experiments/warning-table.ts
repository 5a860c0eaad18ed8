// How early, how surely and how falsely the alarm rings, beside four rivals on the same runs: the table of docs/warning.md.
// npx tsx scripts/experiments/warning-table.ts [--scale 1] [--write]
// The constants of the alarm, and the rivals' thresholds, come from runs of the domain `default` with a seed of their own; it is
// measured on other seeds, other domains and real text. Some 40 minutes on one core of a busy machine; --scale 0.1 for a look.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { DOMAINS, type Domain } from "../../src/programs/lstm/cases/domains.ts";
import { applyOverrides } from "../../src/programs/lstm/cases/overrides.ts";
import { presets } from "../../src/programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../../src/programs/lstm/cases/schema.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";
import { caseMaker } from "../../src/programs/lstm/generation/caseMaker.ts";
import { withTable } from "../withTable.ts";
import { atThreshold, ours, type Rival, SCORED } from "./warning/alarms.ts";
import { perThousand, score } from "./warning/score.ts";
import { HEAD, isRecurrence, row } from "./warning/table.ts";
import { type WatchedRun, watchRun } from "./warning/watchedRun.ts";

const { values } = parseArgs({
  options: { scale: { type: "string", default: "1" }, write: { type: "boolean", default: false } },
});
const PAGE = "docs/warning.md";
const scaled = (count: number) => Math.max(2, Math.round(count * Number(values.scale)));
const engine = await openEngine("explorer");

/** Other stacks, longer rows and wider rates than the domain that the alarm was tuned on. */
const HOT: Domain = {
  ...DOMAINS.benchmark,
  layers: { count: { min: 1, max: 2 }, activations: ["relu", "tanh"] },
  units: { min: 4, max: 20, each: "layer" },
  inputs: { min: 2, max: 16 },
  time: { min: 48, max: 96 },
  learningRate: { min: 0.02, max: 0.3 },
  initScale: { min: 0.5, max: 2 },
  layouts: ["none", "ragged", "hole-inside"],
};

function* drawn(domain: Domain, seed: string, count: number): Generator<TrainingCase> {
  const caseAt = caseMaker({ domain, base: presets.published, seed });
  for (let index = 0; index < scaled(count); index++) yield caseAt({ index, parent: null });
}

/** The published program, small, on the Brown corpus. */
function* onText(count: number): Generator<TrainingCase> {
  const rates = [0.02, 0.05, 0.08];
  for (let k = 0; k < scaled(count); k++) {
    const flags = {
      units: [16],
      sentences: 1500,
      batch: 16,
      learningRate: rates[k % 3] ?? 0.08,
      seed: String(1 + k),
    };
    yield { ...applyOverrides(presets.published, flags), steps: 150 };
  }
}

const TUNING = () => drawn(DOMAINS.default, "warning/tune", 150);
const MEASURED: Readonly<Record<string, () => Generator<TrainingCase>>> = {
  "`default`, another seed": () => drawn(DOMAINS.default, "warning/measure", 250),
  "other stacks, rates 0.02 to 0.3": () => drawn(HOT, "warning/measure", 150),
  "`low-rate`": () => drawn(DOMAINS["low-rate"], "warning/measure", 50),
  "`benchmark`": () => drawn(DOMAINS.benchmark, "warning/measure", 200),
  "`wide`": () => drawn(DOMAINS.wide, "warning/measure", 250),
  "Brown corpus": () => onText(24),
};

async function watched(name: string, cases: Iterable<TrainingCase>): Promise<WatchedRun[]> {
  const runs: WatchedRun[] = [];
  const files = { folder: "." };
  for (const testCase of cases) {
    runs.push(await watchRun(engine, testCase, files));
    if (runs.length % 50 === 0) console.error(`${name}: ${runs.length} runs`);
  }
  return runs;
}

/** The lowest threshold with at most one false alarm in a thousand healthy steps. */
function tuned(scored: (typeof SCORED)[number], runs: readonly WatchedRun[]): Rival {
  const seen = runs
    .flatMap(({ looks }) => scored.scores(looks))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const quantiles = Array.from({ length: 400 }, (_, k) => seen[Math.floor((k / 400) * seen.length)] ?? 0);
  const found = [...new Set(quantiles)].find(
    (threshold) => perThousand(score(atThreshold(scored, threshold), runs)) <= 1,
  );
  return atThreshold(scored, found ?? (seen.at(-1) ?? 0) * 1.01);
}

const tuning = await watched("tuning", TUNING());
const rivals = [ours, ...SCORED.map((scored) => tuned(scored, tuning.filter(isRecurrence)))];
const groups: [string, WatchedRun[]][] = [];
for (const [name, cases] of Object.entries(MEASURED)) groups.push([name, await watched(name, cases())]);
const all = groups.flatMap(([, runs]) => runs);

const lines: string[] = [...HEAD];
const recurrent = all.filter(isRecurrence);
for (const rival of rivals) lines.push(row("all", rival, score(rival, recurrent)));
for (const [name, runs] of groups)
  for (const rival of rivals) lines.push(row(name, rival, score(rival, runs.filter(isRecurrence))));
const others = all.filter((run) => !isRecurrence(run));
for (const rival of rivals) lines.push(row("other deaths", rival, score(rival, others)));
const atOnce = recurrent.filter(({ death }) => death?.step === 1).length;
lines.push(
  "",
  `${atOnce} recurrence overflows came at the first step and are in no row: nothing comes before it.`,
);
const table = lines.join("\n");
console.log(table);
if (values.write) writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), "warning", table));
