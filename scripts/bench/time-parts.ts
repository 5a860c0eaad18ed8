/**
 * Processor time of each part of a step on the explorer, by calling it many times by itself; NANPROOF_PRODUCTS says with which products.
 *
 *     tsx scripts/bench/time-parts.ts [units x batch x time ...]
 */
import { openData } from "../../src/programs/lstm/cases/data.ts";
import { initialState } from "../../src/programs/lstm/cases/state.ts";
import { benchCase } from "../../src/programs/lstm/engines/bench.ts";
import { Arena } from "../../src/programs/lstm/engines/explorer/arena.ts";
import { compileKernels, instantiateKernels } from "../../src/programs/lstm/engines/explorer/kernels.ts";
import { chosenProducts } from "../../src/programs/lstm/engines/explorer/products/products.ts";
import { ExplorerTraining } from "../../src/programs/lstm/engines/explorer/training.ts";

const TURNS = 9;
/** Milliseconds of a turn, roughly; at least three calls. */
const TURN_MS = 60;

const products = chosenProducts();
const given = process.argv.slice(2);
for (const size of given.length > 0 ? given : ["16x4x8", "64x8x30", "400x4x8"]) {
  const [units = 16, batch = 4, time = 8] = size.split("x").map(Number);
  const figures = Object.entries(partsOf(units, batch, time)).map(
    ([name, part]) => `${name} ${median(part).toPrecision(3)}`,
  );
  process.stdout.write(`${size}, ms with ${products.name} products: ${figures.join(", ")}\n`);
}

/** The parts of a step at a size, each to be called on its own; the step itself comes first, and leaves what they read. */
function partsOf(units: number, batch: number, time: number): Record<string, () => void> {
  const testCase = benchCase({ units, batch, time });
  const data = openData(testCase, { folder: "." }).batch(0);
  const kernels = instantiateKernels(compileKernels(), products);
  const capacity = { packed: batch * time, rows: batch, time, entries: batch * time };
  const arena = new Arena(kernels, testCase.model, true, capacity);
  const run = new ExplorerTraining(testCase, initialState(testCase), arena, () => {});
  const { plan } = arena.fixed;
  const layers = testCase.model.layers.map((_, l) => arena.layer(l));
  const eachTimestep = (part: (layer: number, t: number) => void) => () => {
    for (const layer of layers) for (let t = 0; t < time; t++) part(layer, t);
  };
  const eachLayer = (part: (layer: number, l: number) => void) => () => {
    layers.forEach(part);
  };
  return {
    step: () => void run.step(data),
    "input products": eachLayer((layer) => kernels.inputProduct(plan, layer, 0, batch * time)),
    "recurrent products": eachTimestep((layer, t) => {
      if (t > 0) kernels.recurrentProduct(plan, layer, t);
    }),
    "cells forward": eachTimestep((layer, t) => kernels.cellForward(plan, layer, t)),
    transposing: eachLayer((layer, l) => kernels.transposeKernel(plan, layer, l > 0 ? 1 : 0)),
    "cells backward and dh": eachTimestep((layer, t) => kernels.backwardStep(plan, layer, time - 1 - t)),
    dx: eachLayer((layer, l) => {
      if (l > 0) kernels.inputGradient(plan, layer, 0, batch * time);
    }),
    dW: eachLayer((layer) => void kernels.weightGradient(plan, layer)),
    "Adam and measuring": () => kernels.update(plan, 0),
  };
}

/** Milliseconds a call, the median of the turns. */
function median(part: () => void): number {
  timed(part, 3);
  const count = Math.max(3, Math.round(TURN_MS / Math.max(1e-3, timed(part, 10))));
  const turns = Array.from({ length: TURNS }, () => timed(part, count)).sort((a, b) => a - b);
  return turns[Math.floor(TURNS / 2)] ?? 0;
}

function timed(part: () => void, count: number): number {
  const before = process.cpuUsage();
  for (let call = 0; call < count; call++) part();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}
