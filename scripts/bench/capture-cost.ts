/**
 * Times what it costs a healthy run to be ready for its death: keeping the state before the step at hand and the last
 * records, and checking whether the step was fatal.
 *
 *     tsx scripts/bench/capture-cost.ts [units x batch x time ...]
 *
 * Runs the same steps twice on the explorer, in turn, in the processor time of this process: as `nanproof train` does, and bare,
 * where every step overwrites the state that it came from and nothing is kept or looked at. Prints the median over
 * the turns of what the former takes longer, and its 10 % and 90 % marks. Both must end with the same loss.
 */
import type { DataSource } from "../../src/programs/lstm/cases/batch.ts";
import { openData } from "../../src/programs/lstm/cases/data.ts";
import type { TrainingCase } from "../../src/programs/lstm/cases/schema.ts";
import { initialState } from "../../src/programs/lstm/cases/state.ts";
import { benchCase } from "../../src/programs/lstm/engines/bench.ts";
import type { Training } from "../../src/programs/lstm/engines/engine.ts";
import { Arena } from "../../src/programs/lstm/engines/explorer/arena.ts";
import { explorerEngine } from "../../src/programs/lstm/engines/explorer/engine.ts";
import { compileKernels, instantiateKernels } from "../../src/programs/lstm/engines/explorer/kernels.ts";
import { ExplorerTraining } from "../../src/programs/lstm/engines/explorer/training.ts";
import { train } from "../../src/programs/lstm/engines/train.ts";

const TURNS = 101;
/** Processor time of a turn of each, in microseconds: enough for the clock, which counts some thousand at a time. */
const TURN_US = 60_000;

const engine = explorerEngine();
const sizes = process.argv.slice(2);
for (const size of sizes.length > 0 ? sizes : ["16x4x8", "64x8x30", "400x4x8", "400x16x30"])
  await timeSize(size);

async function timeSize(size: string): Promise<void> {
  const [units = 16, batch = 4, time = 8] = size.split("x").map(Number);
  const testCase = benchCase({ units, batch, time });
  const data = openData(testCase, { folder: "." });
  const caught = engine.start(testCase, initialState(testCase));
  const bare = inPlace(testCase);
  const losses = { caught: 0, bare: 0 };
  const turn = {
    caught: async (steps: number) => {
      const { records } = await train(engine, { ...testCase, steps }, caught, data);
      losses.caught = records.at(-1)?.loss ?? 0;
    },
    bare: async (steps: number) => {
      losses.bare = stepsOf(bare, data, steps);
    },
  };
  const timed = async (what: keyof typeof turn, steps: number) => {
    const before = process.cpuUsage();
    await turn[what](steps);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / steps;
  };
  // The first is the second of the next turn, so that neither has the warmer caches always.
  const pair = async (steps: number, k: number) => {
    const first = await timed(k % 2 === 0 ? "caught" : "bare", steps);
    const second = await timed(k % 2 === 0 ? "bare" : "caught", steps);
    return k % 2 === 0 ? first / second : second / first;
  };
  // Cold steps are several times as slow, and both must have taken as many.
  for (const what of ["caught", "bare"] as const) await timed(what, 5);
  const warm = Math.max(await timed("caught", 5), await timed("bare", 5));
  const steps = Math.max(1, Math.round(TURN_US / warm));
  for (let k = 0; k < 10; k++) await pair(steps, k);
  const ratios: number[] = [];
  for (let k = 0; k < TURNS; k++) ratios.push(await pair(steps, k));
  if (losses.caught !== losses.bare) throw new Error(`${size}: the two runs part: ${JSON.stringify(losses)}`);
  ratios.sort((a, b) => a - b);
  const [median, low, high] = [0.5, 0.1, 0.9].map((q) =>
    (100 * ((ratios[Math.floor(q * TURNS)] ?? 1) - 1)).toFixed(1),
  );
  process.stdout.write(
    `${size}: ${median} % more (${low} to ${high}) over ${TURNS} turns of ${steps} steps each\n`,
  );
  for (const training of [caught, bare]) training.dispose();
}

/** A run that holds its state once: what a step reads and what it writes are the same. */
function inPlace(testCase: TrainingCase): Training {
  const { data, model } = testCase;
  if (data.kind !== "synthetic") throw new Error("the timed case is not synthetic");
  const [batch] = data.batches;
  const [rows, time] = [batch?.rows.length ?? 1, batch?.time ?? 1];
  const capacity = { packed: rows * time, rows, time, entries: rows * time };
  const arena = new Arena(instantiateKernels(compileKernels()), model, true, capacity);
  const training = new ExplorerTraining(testCase, initialState(testCase), arena, () => {});
  arena.fixed.parameters.forEach(({ weights, firstMoment, secondMoment }, l) => {
    arena.setLayer(l, "nextWeights", weights[0]);
    arena.setLayer(l, "nextFirstMoment", firstMoment[0]);
    arena.setLayer(l, "nextSecondMoment", secondMoment[0]);
  });
  return training;
}

/** The loss of the last of some steps. */
function stepsOf(training: Training, data: DataSource, steps: number): number {
  let loss = 0;
  for (let step = 0; step < steps; step++) loss = training.step(data.batch(step)).loss;
  return loss;
}
