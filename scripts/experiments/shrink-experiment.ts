import type { CaseSize } from "../../src/programs/program.ts";
/**
 * Shrinks every fixture of some folders on the explorer and prints tables of what is left: `docs/shrink.md`.
 *
 *     npx nanproof hunt --domain scripts/experiments/shrink-experiment/units-16.json --axis time --keep 50 --no-shrink \
 *         --cases 400 --out DIR/16-time
 *     npx tsx scripts/experiments/shrink-experiment.ts DIR/16-time ...
 *
 * Times are processor time of the shrink alone, so that a machine that others use too does not count; "1-minimal" says that every candidate of every pass was tried once more on what
 * is left, and none was accepted.
 */

import { basename } from "node:path";
import { fixtureFiles } from "../../src/cli/fixtureFiles.ts";
import { runToDeath } from "../../src/findings/runToDeath.ts";
import { readFixture } from "../../src/fixtures/store.ts";
import type { CapturedStep } from "../../src/programs/lstm/cases/capturedStep.ts";
import type { Diagnosis } from "../../src/programs/lstm/diagnosis/diagnosis.ts";
import { examineStep } from "../../src/programs/lstm/diagnosis/examine.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";
import { stepSize } from "../../src/programs/lstm/shrinking/edits/numbers.ts";
import { PASSES } from "../../src/programs/lstm/shrinking/passes/index.ts";
import type { DyingStep } from "../../src/programs/pass.ts";
import { Search } from "../../src/shrink/search.ts";
import { shrinkStep } from "../../src/shrink/shrinkStep.ts";

interface Row {
  folder: string;
  signature: string;
  before: CaseSize;
  after: CaseSize;
  candidates: number;
  seconds: number;
  isMinimal: boolean;
  /** Its end on tfjs-wasm: the same death, another one, or none. */
  onWasm: string;
}

const explorer = await openEngine("explorer");
const wasm = await openEngine("tfjs-wasm");
const rows: Row[] = [];
for (const folder of process.argv.slice(2))
  for (const path of fixtureFiles(folder)) {
    const { fixture, binary } = readFixture(path);
    const { dead } = await runToDeath(explorer, fixture.case, { folder, ...(binary && { binary }) });
    const from = dead?.fatal;
    if (from === undefined) throw new Error(`${path} lives`);
    const start = process.cpuUsage();
    const to = await shrinkStep(explorer, from);
    const { user, system } = process.cpuUsage(start);
    const seconds = (user + system) / 1e6;
    if (to === null) throw new Error(`${path} lives`);
    rows.push({
      folder: basename(folder),
      signature: to.death.signature,
      before: stepSize(from.step),
      after: stepSize(to.step),
      candidates: to.candidates,
      seconds,
      isMinimal: to.minimal && (await nothingGoes(to)),
      onWasm: onWasm(to),
    });
    process.stderr.write(
      `${rows.length} ${path}: ${seconds.toFixed(2)} s, ${stepSize(to.step).nonZero} numbers\n`,
    );
  }
process.stdout.write(`${summary(rows)}\n\n${table(rows)}\n`);

type Dying = DyingStep<CapturedStep, Diagnosis>;

async function nothingGoes(found: Dying): Promise<boolean> {
  const search = await Search.from(explorer, found, { margin: true });
  if (search === null) return false;
  search.endSlack();
  for (const pass of PASSES) {
    const stream = pass.candidates(search.current, explorer);
    for (let next = stream.next(); !next.done; next = stream.next(null))
      if ((await search.accepts(next.value)) !== null) return false;
  }
  return true;
}

function onWasm({ step, death }: Dying): string {
  const verdict = examineStep(wasm, step);
  if (verdict.kind === "lives") return "stays finite";
  return verdict.death.signature === death.signature ? "the same" : `dies of ${verdict.death.signature}`;
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function summary(all: Row[]): string {
  const groups = new Map<string, Row[]>([["all", all]]);
  for (const row of all) groups.set(row.folder, [...(groups.get(row.folder) ?? []), row]);
  const discarded = all.filter(({ signature }) => signature.includes("discarded"));
  if (discarded.length > 0) groups.set("of a discarded step", discarded);
  const lines = [...groups].map(([name, group]) => {
    const of = (key: keyof CaseSize) => group.map(({ after }) => after[key] ?? 0);
    const share = (isSo: (row: Row) => boolean) => `${group.filter(isSo).length}/${group.length}`;
    const seconds = group.map((row) => row.seconds);
    return `| ${[
      name,
      group.length,
      quantile(of("nonZero"), 0.5),
      Math.max(...of("nonZero")),
      quantile(of("units"), 0.5),
      Math.max(...of("units")),
      quantile(of("rows"), 0.5),
      Math.max(...of("rows")),
      quantile(seconds, 0.5).toFixed(2),
      quantile(seconds, 0.95).toFixed(2),
      quantile(
        group.map(({ candidates }) => candidates),
        0.5,
      ),
      share(({ isMinimal }) => isMinimal),
      share((row) => row.onWasm === "the same"),
    ].join(" | ")} |`;
  });
  return [
    "| runs | count | numbers not 0, median | most | units, median | most | rows, median | most | s, median | s, 95 % | candidates, median | 1-minimal | the same on tfjs-wasm |",
    `|${"---|".repeat(13)}`,
    ...lines,
  ].join("\n");
}

function table(all: Row[]): string {
  const size = ({ rows: r, time, layers, units, nonZero }: CaseSize) =>
    `${r} x ${time}, ${layers} x ${units}, ${nonZero}`;
  return [
    "| runs | signature | before: rows x timesteps, layers x units, numbers not 0 | after | candidates | s | on tfjs-wasm |",
    `|${"---|".repeat(7)}`,
    ...all.map(
      ({ folder, signature, before, after, candidates, seconds, onWasm: wasmSays }) =>
        `| ${folder} | ${signature} | ${size(before)} | ${size(after)} | ${candidates} | ${seconds.toFixed(2)} | ${wasmSays} |`,
    ),
  ].join("\n");
}
