/**
 * What `watch` costs in a script of a person's own: a step of a recurrent model (64 units, 8 rows, 30 timesteps, Adam) with
 * it and without, in turns, on each backend. Prints the median of the ratios of
 * neighbouring steps.
 *
 *     npx tsx scripts/watch-cost.ts [PAIRS]
 */
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { watch } from "../src/program.ts";

const [UNITS, ROWS, TIME, INPUTS] = [64, 8, 30, 16];
const pairs = Number(process.argv[2] ?? 30);
/** Steps that are not timed, for just-in-time compilation. */
const WARM_UP = 5;

type Step = (x: tf.Tensor, y: tf.Tensor) => Promise<unknown>;

function model(layers: number): tf.LayersModel {
  const made = tf.sequential();
  for (let layer = 1; layer <= layers; layer++)
    made.add(
      tf.layers.lstm({
        units: UNITS,
        returnSequences: layer < layers,
        recurrentInitializer: "glorotUniform",
        ...(layer === 1 ? { inputShape: [TIME, INPUTS] } : {}),
      }),
    );
  made.add(tf.layers.dense({ units: 1 }));
  made.compile({ optimizer: tf.train.adam(0.001), loss: "meanSquaredError" });
  return made;
}

/** Milliseconds of processor time: what else the machine does is left out. */
async function time(step: Step, x: tf.Tensor, y: tf.Tensor): Promise<number> {
  const from = process.cpuUsage();
  await step(x, y);
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

async function measure(layers: number): Promise<string> {
  const plainModel = model(layers);
  const plain: Step = (x, y) => plainModel.trainOnBatch(x, y) as Promise<unknown>;
  const watched = watch(model(layers)) as Step;
  const x = tf.randomNormal([ROWS, TIME, INPUTS]);
  const y = tf.randomNormal([ROWS, 1]);
  for (let i = 0; i < WARM_UP; i++) for (const step of [plain, watched]) await step(x, y);
  const times: [number, number][] = [];
  for (let i = 0; i < pairs; i++) {
    // Each goes first every other time.
    const first = await time(i % 2 === 0 ? plain : watched, x, y);
    const second = await time(i % 2 === 0 ? watched : plain, x, y);
    times.push(i % 2 === 0 ? [first, second] : [second, first]);
  }
  const ratio = median(times.map(([without, watching]) => watching / without));
  const step = median(times.map(([without]) => without));
  return `${layers} x ${UNITS} units: ${step.toFixed(1)} ms a step, with watch ${((ratio - 1) * 100).toFixed(1)} % more`;
}

setWasmPaths(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")) + sep);
tf.enableProdMode();
for (const backend of ["cpu", "wasm"]) {
  await tf.setBackend(backend);
  for (const layers of [1, 2]) console.log(`${backend}: ${await measure(layers)}`);
}
