/**
 * Milliseconds a step of the explorer takes, for tuning it; `nanproof bench` compares engines.
 *
 *     tsx scripts/time-explorer.ts [units x batch x time ...]
 *
 * Three layers (relu, relu, tanh) of as many units as inputs, full rows, axis time, TF1's Adam. The cold
 * figure is the first step's; then steps for two seconds or 30 of them, whichever is longer.
 */

import { openData } from "../src/cases/data.ts";
import type { TrainingCase } from "../src/cases/schema.ts";
import { initialState } from "../src/cases/state.ts";
import { explorerEngine } from "../src/engines/explorer/engine.ts";

const sizes = process.argv.slice(2);
const engine = explorerEngine();
for (const size of sizes.length
  ? sizes
  : ["16x4x8", "16x8x30", "64x4x8", "64x8x30", "400x4x8", "100x64x30"]) {
  const [units = 16, batch = 4, time = 8] = size.split("x").map(Number);
  const testCase: TrainingCase = {
    schemaVersion: 1,
    model: {
      inputs: units,
      layers: [
        { units, activation: "relu" },
        { units, activation: "relu" },
        { units, activation: "tanh" },
      ],
      forgetBias: 1,
    },
    init: { kind: "glorot", seed: "1", scale: 1 },
    data: {
      kind: "synthetic",
      seed: "1",
      inputScale: 0.4,
      masked: true,
      batches: [
        {
          time,
          rows: Array.from({ length: batch }, () => ({
            length: time,
            padding: "after",
            holes: [],
            zeroTargets: [],
          })),
        },
      ],
    },
    loss: { kind: "cosine", axis: "time", normalise: { kind: "tensorflow" }, padding: "counted", l2: 0 },
    optimizer: {
      kind: "adam",
      form: "tf1",
      learningRate: 0.0001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      clip: { kind: "none" },
      skipNonFinite: false,
    },
    steps: 1,
  };
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
