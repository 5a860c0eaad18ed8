// How early, how surely and how falsely the alarm rings on programs: the second table of docs/warning.md.
// npx tsx scripts/experiments/warning-programs.ts [--scale 1] [--only FILE] [--write]
// Runs of examples/ with knobs and seeds drawn as a hunt draws them; neither the alarm nor its rivals were tuned on any of them. Some
// twenty to thirty minutes on one core.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { pythonWithFrameworks } from "../../src/programs/testing/pythonWithFrameworks.ts";
import { withTable } from "../withTable.ts";
import { atThreshold, ours, SCORED } from "./warning/alarms.ts";
import { score } from "./warning/score.ts";
import { HEAD, isRecurrence, row } from "./warning/table.ts";
import { type WatchedExample, watchedRuns } from "./warning/watchedExamples.ts";
import { withoutGauges } from "./warning/watchedProgram.ts";
import type { WatchedRun } from "./warning/watchedRun.ts";

const { values } = parseArgs({
  options: {
    scale: { type: "string", default: "1" },
    only: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const PAGE = "docs/warning.md";
/** Thresholds that warning-table.ts found, in the order of SCORED. */
const THRESHOLDS = [124, 3090, 0.871, 6.51];

const plain = { pinned: {}, keepsSquares: false, gauge: [] };
const WATCHED: readonly WatchedExample[] = [
  {
    ...plain,
    file: "exponential-rnn.mjs",
    runs: 30,
    steps: 30,
    gauge: [{ before: "return tf.losses", line: 'watch.gauge("hidden", hidden);\n        ' }],
  },
  {
    ...plain,
    file: "torch_relu_lstm.py",
    runs: 8,
    steps: 15,
    pinned: { units: 4, time: 120 },
    keepsSquares: true,
    gauge: [
      { before: "from nanproof import", line: "from nanproof import gauge\n" },
      { before: "        return torch.sigmoid(o)", line: '        gauge("cell", cell)\n' },
    ],
  },
  {
    ...plain,
    file: "stacked_cells.py",
    folder: "scripts/experiments/warning",
    runs: 30,
    steps: 100,
    pinned: { units: 16, time: 64 },
    keepsSquares: true,
    gauge: [
      { before: "from nanproof import", line: "from nanproof import gauge\n" },
      { before: "        loss =", line: '        gauge("cell", torch.stack(cells_seen).detach())\n' },
    ],
  },
  { ...plain, file: "relu-lstm.mjs", runs: 6, steps: 20, pinned: { units: 3, time: 40 }, keepsSquares: true },
  { ...plain, file: "keras_relu_lstm.py", runs: 4, steps: 12, pinned: { units: 6, time: 60 } },
  { ...plain, file: "unscaled-data.mjs", runs: 30, steps: 60 },
  { ...plain, file: "log-of-policy.mjs", runs: 20, steps: 40 },
];

const python = pythonWithFrameworks();
if (python === null) throw new Error(".ci/python-programs makes the Python that the examples need");
const groups: [string, WatchedRun[]][] = [];
for (const example of WATCHED) {
  const { file, gauge } = example;
  if (values.only !== undefined && values.only !== file) continue;
  const from = performance.now();
  const runs = Math.max(2, Math.round(example.runs * Number(values.scale)));
  const found = await watchedRuns({ ...example, runs }, python);
  console.error(`${file}: ${found.length} runs, ${Math.round((performance.now() - from) / 1000)} s`);
  for (const { death } of found) if (death !== null) console.error(`  ${death.step}: ${death.mechanism}`);
  if (gauge.length > 0) groups.push([`\`${file}\` and a gauge`, found]);
  groups.push([`\`${file}\``, found.map(withoutGauges)]);
}
const rivals = [ours, ...SCORED.map((scored, k) => atThreshold(scored, THRESHOLDS[k] ?? Number.NaN))];
const lines: string[] = [...HEAD];
const gauged = groups.filter(([name]) => name.endsWith("a gauge")).flatMap(([, runs]) => runs);
for (const rival of rivals)
  lines.push(row("all with a gauge", rival, score(rival, gauged.filter(isRecurrence))));
for (const [name, runs] of groups)
  for (const rival of rivals) lines.push(row(name, rival, score(rival, runs)));
const atOnce = groups
  .filter(([name]) => !name.endsWith("a gauge"))
  .flatMap(([, runs]) => runs)
  .filter(({ death }) => death?.step === 1).length;
lines.push("", `${atOnce} deaths came at the first step and are in no row: nothing comes before it.`);
const table = lines.join("\n");
console.log(table);
if (values.write) writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), "warning-programs", table));
