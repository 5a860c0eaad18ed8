/**
 * Times what measuring costs a step: the per-layer maxima, the sums of squares of gradients and weights, and with
 * them the notice that something is not finite.
 *
 *     tsx scripts/bench/measurement-cost.ts [units x batch x time ...]
 *
 * Compiles the kernels a second time without it (MEASURED in assembly/plan.ts) and times a step of both in turn, in
 * the processor time of this process; prints the median over the turns of the part that measuring takes.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openData } from "../../src/programs/lstm/cases/data.ts";
import { initialState } from "../../src/programs/lstm/cases/state.ts";
import { benchCase } from "../../src/programs/lstm/engines/bench.ts";
import { explorerEngine } from "../../src/programs/lstm/engines/explorer/engine.ts";
import { compileKernels } from "../../src/programs/lstm/engines/explorer/kernels.ts";
import { compile } from "../compile-kernels.ts";

const PLAN = "src/programs/lstm/engines/explorer/assembly/plan.ts";
const SWITCH = "export const MEASURED: bool = true;";
const TURNS = 41;

const plan = readFileSync(PLAN, "utf8");
if (!plan.includes(SWITCH)) throw new Error(`${PLAN} no longer has the line "${SWITCH}"`);
const folder = mkdtempSync(join(tmpdir(), "nanproof-kernels-"));
try {
  const [measuring, bare] = [join(folder, "measuring.wasm"), join(folder, "bare.wasm")];
  await compile(measuring);
  await compile(bare, { [PLAN]: plan.replace(SWITCH, SWITCH.replace("true", "false")) });
  const engines = [measuring, bare].map((file) => explorerEngine(compileKernels(readFileSync(file))));
  const sizes = process.argv.slice(2);
  for (const size of sizes.length > 0 ? sizes : ["16x4x8", "64x4x8", "400x4x8"]) timeSize(size, engines);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function timeSize(size: string, engines: ReturnType<typeof explorerEngine>[]): void {
  const [units = 16, batch = 4, time = 8] = size.split("x").map(Number);
  const testCase = benchCase({ units, batch, time });
  const data = openData(testCase, { folder: "." }).batch(0);
  const runs = engines.map((engine) => engine.start(testCase, initialState(testCase)));
  const turn = (steps: number) =>
    runs.map((run) => {
      const before = process.cpuUsage();
      for (let step = 0; step < steps; step++) run.step(data);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / steps;
    });
  // 20 ms and more a turn, and as long to warm up as for all turns.
  const steps = Math.max(1, Math.round(20_000 / Math.max(...turn(3))));
  for (let warm = 0; warm < TURNS; warm++) turn(steps);
  const turns = Array.from({ length: TURNS }, () => turn(steps));
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const share = median(turns.map(([with_ = 0, without = 0]) => 1 - without / with_));
  const [first, second] = [0, 1].map((i) => median(turns.map((times) => times[i] ?? 0)).toFixed(1));
  process.stdout.write(
    `${size}: ${first} us a step, ${second} without measuring: ${(100 * share).toFixed(1)} % of a step\n`,
  );
  for (const run of runs) run.dispose();
}
