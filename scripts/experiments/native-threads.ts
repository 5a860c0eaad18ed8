/**
 * Shows what the number of threads changes on tfjs-node: digests of short runs of the published program at several sizes,
 * each thread count twice, in processes of their own (TensorFlow reads the count as it loads).
 *
 *     tsx scripts/experiments/native-threads.ts [threads ...]        default 1 2 4 8
 */
import { fileURLToPath } from "node:url";
import { execaNode } from "execa";
import { rerun } from "../../src/fixtures/replay.ts";
import { presets } from "../../src/programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../../src/programs/lstm/cases/schema.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";

const SIZES = [
  { units: 16, batch: 4, time: 8, steps: 10 },
  { units: 64, batch: 32, time: 20, steps: 4 },
  { units: 128, batch: 64, time: 20, steps: 3 },
  { units: 400, batch: 16, time: 8, steps: 3 },
];

function caseOf({ units, batch, time, steps }: (typeof SIZES)[number]): TrainingCase {
  const rows = Array.from({ length: batch }, (_, row) => ({
    length: 1 + ((row * 7) % time),
    padding: "after" as const,
    holes: [],
    zeroTargets: [],
  }));
  const layer = (activation: "relu" | "tanh") => ({ units, activation });
  return {
    ...presets.published,
    model: { inputs: units, layers: [layer("relu"), layer("relu"), layer("tanh")], forgetBias: 1 },
    data: { kind: "synthetic", seed: "1", inputScale: 0.4, masked: true, batches: [{ time, rows }] },
    steps,
  };
}

if (process.argv[2] === "--run") {
  const engine = await openEngine("tfjs-node");
  for (const size of SIZES)
    console.log((await rerun(engine, caseOf(size), { folder: "." })).digest.slice(0, 12));
} else {
  const counts = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ["1", "2", "4", "8"];
  console.log(
    `| threads | ${SIZES.map(({ units, batch, time }) => `${units}x${batch}x${time}`).join(" | ")} |`,
  );
  console.log(`|---${"|---".repeat(SIZES.length)}|`);
  for (const threads of counts.flatMap((count) => [count, count])) {
    const env = { TF_NUM_INTRAOP_THREADS: threads, TF_NUM_INTEROP_THREADS: "1" };
    const { stdout } = await execaNode(fileURLToPath(import.meta.url), ["--run"], { env });
    console.log(`| ${threads} | ${stdout.split("\n").join(" | ")} |`);
  }
}
