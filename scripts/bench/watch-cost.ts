/**
 * Times what `watch` costs in a script of a person's own: a step of a recurrent model (64 units, 8 rows, 30 timesteps, Adam) on
 * each backend. The step with `watch` and the training in it are timed in the same step, in processor time, so that a busy
 * machine does not blur the ratio.
 *
 *     npx tsx scripts/bench/watch-cost.ts [STEPS]
 */
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { watch } from "../../src/program.ts";

const [UNITS, ROWS, TIME, INPUTS] = [64, 8, 30, 16];
const steps = Number(process.argv[2] ?? 30);
/** Steps that are not timed, for just-in-time compilation. */
const WARM_UP = 5;

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

/** A clock of processor time that runs while something is called, in milliseconds. */
class Stopwatch {
  total = 0;

  /** Makes a method be timed from now on. */
  time(object: object, method: string): void {
    const methods = object as Record<string, (...given: unknown[]) => unknown>;
    const run = methods[method] as (...given: unknown[]) => unknown;
    methods[method] = (...given) => {
      const from = process.cpuUsage();
      const stop = () => {
        const { user, system } = process.cpuUsage(from);
        this.total += (user + system) / 1000;
      };
      const result = run.apply(object, given);
      if (result instanceof Promise) return result.finally(stop);
      stop();
      return result;
    };
  }
}

async function measure(layers: number): Promise<string> {
  const [whole, train, apply, update] = Array.from({ length: 4 }, () => new Stopwatch());
  const made = model(layers);
  // From the inside out: the optimizer's update, the look at the gradients around it, the training, the whole step.
  update?.time(made.optimizer, "applyGradients");
  const watched = { step: watch(made) as (x: tf.Tensor, y: tf.Tensor) => Promise<unknown> };
  apply?.time(made.optimizer, "applyGradients");
  train?.time(made, "trainOnBatch");
  whole?.time(watched, "step");
  const x = tf.randomNormal([ROWS, TIME, INPUTS]);
  const y = tf.randomNormal([ROWS, 1]);
  for (let i = -WARM_UP; i < steps; i++) {
    if (i === 0) for (const stopwatch of [whole, train, apply, update]) if (stopwatch) stopwatch.total = 0;
    await watched.step(x, y);
  }
  const [all, inside, look, inner] = [whole, train, apply, update].map(
    (stopwatch) => stopwatch?.total ?? 0,
  ) as [number, number, number, number];
  const cost = all - inside + (look - inner);
  const plain = all - cost;
  return `${layers} x ${UNITS} units: ${(plain / steps).toFixed(1)} ms a step, watch ${(cost / steps).toFixed(2)} ms more: ${((100 * cost) / plain).toFixed(1)} %`;
}

setWasmPaths(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")) + sep);
tf.enableProdMode();
for (const backend of ["cpu", "wasm"]) {
  await tf.setBackend(backend);
  for (const layers of [1, 2]) console.log(`${backend}: ${await measure(layers)}`);
}
