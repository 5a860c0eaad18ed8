/**
 * Milliseconds a step of the explorer takes, for tuning it; `nanproof bench` compares engines.
 *
 *     tsx scripts/time-explorer.ts [units x batch x time ...]
 *
 * Three layers (relu, relu, tanh) of as many units as inputs, full rows, axis time, TF1's Adam. The cold
 * figure is the first step's; then steps for two seconds or 30 of them, whichever is longer.
 */

import { openData } from "../src/cases/data.ts";
import { initialState } from "../src/cases/state.ts";
import { BENCH_SIZES, benchCase } from "../src/engines/bench.ts";
import { explorerEngine } from "../src/engines/explorer/engine.ts";

const given = process.argv.slice(2);
const sizes =
  given.length > 0 ? given : BENCH_SIZES.map(({ units, batch, time }) => `${units}x${batch}x${time}`);
const engine = explorerEngine();
for (const size of sizes) {
  const [units = 16, batch = 4, time = 8] = size.split("x").map(Number);
  const testCase = benchCase({ units, batch, time });
  const data = openData(testCase, { folder: "." });
  const training = engine.start(testCase, initialState(testCase));
  const times: number[] = [];
  const from = performance.now();
  while (times.length < 30 || performance.now() - from < 2000) {
    const start = performance.now();
    training.step(data.batch(0));
    times.push(performance.now() - start);
  }
  const [cold = 0] = times;
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(4);
  process.stdout.write(
    `${size}: median ${at(0.5)} ms, p10 ${at(0.1)}, p90 ${at(0.9)}, cold ${cold.toFixed(2)}, ${times.length} steps\n`,
  );
  training.dispose();
}
