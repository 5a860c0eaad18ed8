import { type RandomStream, randomStream } from "../../../../../numerics/random.ts";
import type { Batch } from "../../../cases/batch.ts";
import { gateColumns } from "../../../cases/gates.ts";
import type { Activation, LossSpec, OptimizerSpec, TrainingCase } from "../../../cases/schema.ts";
import { layerShapes } from "../../../cases/shapes.ts";
import type { TrainingState } from "../../../cases/state.ts";

/** A case, the state it starts from and its batches, all drawn from one seed. */
export interface DrawnCase {
  testCase: TrainingCase;
  state: TrainingState;
  batches: Batch[];
}

/** Fields that a caller settles; the rest is drawn. */
export interface Settled {
  loss?: Partial<LossSpec>;
  optimizer?: OptimizerSpec;
  activations?: Activation[];
  /** Activation of the top layer: relu makes zero vectors now and then. */
  top?: Activation;
  /** Scale of weights and biases; 0.5 by default. */
  weightScale?: number;
  inputScale?: number;
  cellClip?: number;
  gradientClip?: number;
  /** Largest width, rows and timesteps. */
  size?: number;
}

/**
 * Draws a small case: one to three layers of uneven units, ragged rows (now and then an empty one),
 * every choice of loss and optimizer. Biases and moments are random, so that no value is an exact 0
 * and no relu is at its kink. For tests, and for the table of digests: it must not change.
 */
export function drawCase(seed: string, settled: Settled = {}): DrawnCase {
  const random = randomStream(seed, "explorer-case");
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)] as T;
  const size = settled.size ?? 5;
  const upTo = (bound: number) => 1 + random.integer(bound);
  const activations: Activation[] =
    settled.activations ??
    Array.from({ length: upTo(3) }, () => pick(["relu", "tanh", "sigmoid", "linear"] as const));
  if (settled.top) activations.splice(-1, 1, settled.top);
  const layers = activations.map((activation) => ({ units: 1 + upTo(size + 4), activation }));
  const model = {
    inputs: upTo(size + 5),
    layers,
    forgetBias: pick([0, 1, 1]),
    ...(settled.cellClip === undefined ? {} : { cellClip: settled.cellClip }),
    ...(settled.gradientClip === undefined ? {} : { gradientClip: settled.gradientClip }),
  };
  const loss: LossSpec = {
    kind: "cosine",
    axis: pick(["time", "embedding"] as const),
    normalise: pick([
      { kind: "tensorflow" },
      { kind: "naive" },
      { kind: "epsilon", epsilon: 1e-3 },
      { kind: "safe" },
    ] as const),
    padding: pick(["counted", "masked"] as const),
    l2: pick([0, 0.01]),
    ...settled.loss,
  };
  const optimizer = settled.optimizer ?? drawOptimizer(random);
  const width = layers.at(-1)?.units ?? 1;
  const batches = Array.from({ length: 2 }, () =>
    drawBatch(random, upTo(size), upTo(size + 2), model.inputs, width, settled.inputScale ?? 1),
  );
  const shapes = layerShapes(model);
  const draw = (scale: number, shift = 0) =>
    shapes.map(({ inputs, units }) => ({
      kernel: Float32Array.from(
        { length: (inputs + units) * gateColumns(units) },
        () => scale * random.gaussian() + shift,
      ),
      bias: Float32Array.from({ length: gateColumns(units) }, () => scale * random.gaussian() + shift),
    }));
  const state: TrainingState = {
    step: 3,
    weights: draw(settled.weightScale ?? 0.5),
    firstMoment: optimizer.kind === "adam" ? draw(0.01) : [],
    secondMoment: optimizer.kind === "adam" ? draw(0.001, 0.01) : [],
  };
  const testCase: TrainingCase = {
    schemaVersion: 1,
    model,
    init: { kind: "glorot", seed, scale: 1 },
    data: {
      kind: "explicit",
      batches: batches.map(({ time, lengths }) => ({
        time,
        lengths: Array.from(lengths),
        x: { byteOffset: 0 },
        y: { byteOffset: 0 },
      })),
    },
    loss,
    optimizer,
    steps: 8,
  };
  return { testCase, state, batches };
}

function drawOptimizer(random: RandomStream): OptimizerSpec {
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)] as T;
  const clip = pick([
    { kind: "none" },
    { kind: "globalNorm", limit: 0.1 },
    { kind: "safeGlobalNorm", limit: 0.1 },
    { kind: "value", limit: 0.01 },
  ] as const);
  const learningRate = 0.01;
  const skipNonFinite = pick([true, false]);
  const kind = pick(["tf1", "tfjs", "sgd"] as const);
  if (kind === "sgd") return { kind, learningRate, clip, skipNonFinite };
  return {
    kind: "adam",
    form: kind,
    learningRate,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    clip,
    skipNonFinite,
  };
}

function drawBatch(
  random: RandomStream,
  rows: number,
  time: number,
  inputs: number,
  targets: number,
  scale: number,
): Batch {
  const lengths = Int32Array.from({ length: rows }, () => random.integer(time + 1));
  const x = Float32Array.from({ length: rows * time * inputs }, () => scale * random.gaussian());
  const y = Float32Array.from({ length: rows * time * targets }, () => random.gaussian());
  lengths.forEach((length, row) => {
    x.fill(0, (row * time + length) * inputs, (row + 1) * time * inputs);
  });
  return { rows, time, x, y, lengths };
}
