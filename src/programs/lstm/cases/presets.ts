import type { TrainingCase } from "./schema.ts";

/**
 * The program of Stack Overflow 51038266 on real text: three LSTM cells of 400 units, the cosine
 * distance along its own third argument (time), padding counted, TF1's Adam at 1e-3.
 */
const published = {
  schemaVersion: 1,
  model: {
    inputs: 400,
    layers: [
      { units: 400, activation: "relu" },
      { units: 400, activation: "relu" },
      { units: 400, activation: "tanh" },
    ],
    forgetBias: 1,
  },
  init: { kind: "glorot", seed: "1", scale: 1 },
  data: {
    kind: "text",
    source: { kind: "brown" },
    seed: "1",
    maxLength: 64,
    batch: 64,
    sentences: 10_000_000,
    vocabulary: 10_000_000,
    unknown: "drop",
    validation: 0.1,
    embedding: { kind: "random", seed: "1", scale: 0.4 },
  },
  loss: {
    kind: "cosine",
    axis: "time",
    normalise: { kind: "tensorflow" },
    padding: "counted",
    l2: 0,
  },
  optimizer: {
    kind: "adam",
    form: "tf1",
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    clip: { kind: "none" },
    skipNonFinite: false,
  },
  steps: 10_000_000,
} satisfies TrainingCase;

/**
 * Named cases. `published-l2` is the asker's own fix, `published-clip` the accepted answer's,
 * `hardened` ours: made so that no run of it dies.
 */
export const presets = {
  published,
  "published-l2": { ...published, loss: { ...published.loss, l2: 0.001 } },
  "published-clip": {
    ...published,
    optimizer: { ...published.optimizer, clip: { kind: "globalNorm", limit: 1 } },
  },
  hardened: {
    ...published,
    // No smaller than the largest gradient that `safe` normalisation makes: only growth over timesteps meets it.
    model: { ...published.model, cellClip: 50, gradientClip: 1e6 },
    loss: { ...published.loss, axis: "embedding", normalise: { kind: "safe" }, padding: "masked" },
    optimizer: { ...published.optimizer, clip: { kind: "safeGlobalNorm", limit: 1 } },
  },
} as const satisfies Record<string, TrainingCase>;

/** A name in {@link presets}. */
export type PresetName = keyof typeof presets;
/** The names of {@link presets}. */
export const PRESET_NAMES = Object.keys(presets) as PresetName[];
