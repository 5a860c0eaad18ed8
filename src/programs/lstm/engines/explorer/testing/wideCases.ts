import { type RandomStream, randomStream } from "../../../../../numerics/random.ts";
import { ACTIVATIONS } from "../../../cases/activations.ts";
import type { Batch } from "../../../cases/batch.ts";
import { gateColumns } from "../../../cases/gates.ts";
import type { LossSpec, ModelSpec, OptimizerSpec } from "../../../cases/schema.ts";
import { layerShapes } from "../../../cases/shapes.ts";
import type { TrainingState } from "../../../cases/state.ts";
import type { DrawnCase } from "./cases.ts";

type Pick = <T>(items: readonly T[]) => T;

/**
 * Draws a case from the whole width of the schema, one batch: one to six layers of 1 to 40 units, every
 * activation and choice of loss and optimizer, any step count, rows of length 0, batches of one timestep, and
 * padding whose inputs are not zero.
 * @param numbers `huge`: inputs, weights and moments so large that many a step dies.
 */
export function drawWideCase(
  seed: string,
  numbers: "ordinary" | "huge" = "ordinary",
): DrawnCase & { batch: Batch } {
  const huge = numbers === "huge";
  const random = randomStream(seed, "wide-case");
  const pick: Pick = (items) => items[random.integer(items.length)] as (typeof items)[number];
  const model = drawModel(random, pick);
  const loss = drawLoss(pick);
  const optimizer = drawOptimizer(random, pick);
  const batch = drawBatch(random, pick, model, huge ? 10 ** (5 + random.integer(33)) : pick([1, 0.1, 5]));
  const state = drawState(random, pick, model, optimizer, huge ? pick([2, 20, 1e6]) : pick([0.3, 0.6]));
  const { time, lengths } = batch;
  return {
    testCase: {
      schemaVersion: 1,
      model,
      init: { kind: "glorot", seed, scale: 1 },
      data: {
        kind: "explicit",
        batches: [{ time, lengths: Array.from(lengths), x: { byteOffset: 0 }, y: { byteOffset: 0 } }],
      },
      loss,
      optimizer,
      steps: 1,
    },
    state,
    batches: [batch],
    batch,
  };
}

/**
 * The top layer has two units at least and is no relu: the direction of one unit, or of one that alone is
 * alive, has a gradient of rounding errors only.
 */
function drawModel(random: RandomStream, pick: Pick): ModelSpec {
  const width = () => 1 + random.integer(pick([1, 3, 9, 9, 17, 40]));
  const count = pick([1, 1, 2, 2, 3, 6]);
  const layers = Array.from({ length: count }, (_, l) => ({
    units: l === count - 1 ? 1 + width() : width(),
    activation: pick(l === count - 1 ? ACTIVATIONS.slice(1) : ACTIVATIONS),
  }));
  const cellClip = pick([undefined, undefined, 0.2, 1]);
  const gradientClip = pick([undefined, undefined, 1e-3, 0.1, 1e6]);
  return {
    inputs: width(),
    layers,
    forgetBias: pick([0, 1, -1.5]),
    ...(cellClip === undefined ? {} : { cellClip }),
    ...(gradientClip === undefined ? {} : { gradientClip }),
  };
}

function drawLoss(pick: Pick): LossSpec {
  return {
    kind: "cosine",
    axis: pick(["time", "embedding"] as const),
    normalise: pick([
      { kind: "tensorflow" },
      { kind: "naive" },
      { kind: "epsilon", epsilon: 1e-3 },
      { kind: "safe" },
    ] as const),
    padding: pick(["counted", "masked"] as const),
    l2: pick([0, 0, 0.001, 0.5]),
  };
}

function drawOptimizer(random: RandomStream, pick: Pick): OptimizerSpec {
  const limit = pick([0.01, 1, 100]);
  const clip = pick([
    { kind: "none" },
    { kind: "globalNorm", limit },
    { kind: "safeGlobalNorm", limit },
    { kind: "value", limit },
  ] as const);
  const learningRate = pick([1e-4, 0.01, 0.3]);
  const skipNonFinite = random.integer(3) === 0;
  const kind = pick(["tf1", "tfjs", "sgd"] as const);
  if (kind === "sgd") return { kind, learningRate, clip, skipNonFinite };
  const beta1 = pick([0, 0.5, 0.9]);
  const beta2 = pick([0.5, 0.99, 0.999]);
  return {
    kind: "adam",
    form: kind,
    learningRate,
    beta1,
    beta2,
    epsilon: pick([1e-8, 1e-3]),
    clip,
    skipNonFinite,
  };
}

function drawBatch(random: RandomStream, pick: Pick, model: ModelSpec, inputScale: number): Batch {
  const { inputs, layers } = model;
  const targets = layers.at(-1)?.units ?? 1;
  const rows = 1 + random.integer(pick([1, 4, 9]));
  const time = 1 + random.integer(pick([1, 5, 12]));
  const lengths = Int32Array.from({ length: rows }, () => random.integer(time + 1));
  const x = new Float32Array(rows * time * inputs).map(() => inputScale * random.gaussian());
  const y = new Float32Array(rows * time * targets).map(() => random.gaussian());
  const padding = pick(["zero", "zero", "same", "any"] as const);
  lengths.forEach((length, row) => {
    const [start, end] = [(row * time + length) * inputs, (row + 1) * time * inputs];
    if (padding === "zero") x.fill(0, start, end);
    if (padding === "same") x.fill(0.5, start, end);
  });
  return { rows, time, x, y, lengths };
}

function drawState(
  random: RandomStream,
  pick: Pick,
  model: ModelSpec,
  optimizer: OptimizerSpec,
  scale: number,
): TrainingState {
  const draw = (next: () => number) =>
    layerShapes(model).map(({ inputs, units }) => ({
      kernel: new Float32Array((inputs + units) * gateColumns(units)).map(next),
      bias: new Float32Array(gateColumns(units)).map(next),
    }));
  const hasMoments = optimizer.kind === "adam";
  const moments = scale > 2 ? pick([1e-3, 1e38]) : 1e-3;
  // With fresh moments and epsilon 1e-8 the rounding of a gradient of 1e-9 would move a weight by percents of the rate.
  const fresh = random.integer(3) === 0 && (optimizer.kind === "sgd" || optimizer.epsilon > 1e-8);
  return {
    step: fresh ? 0 : pick([1, 7, 1000, 9_000_000]),
    weights: draw(() => scale * random.gaussian()),
    firstMoment: hasMoments ? draw(() => (fresh ? 0 : moments * random.gaussian())) : [],
    secondMoment: hasMoments ? draw(() => (fresh ? 0 : moments * random.uniform())) : [],
  };
}
