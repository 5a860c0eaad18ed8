import { presets } from "../../programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../../programs/lstm/cases/schema.ts";
import { dataOf, row } from "../../programs/lstm/cases/testing/syntheticRows.ts";
import { explorerEngine } from "../../programs/lstm/engines/explorer/engine.ts";
import { lstm } from "../../programs/lstm/program.ts";
import { reproductionOf } from "../fromFixture.ts";
import type { Depth, Reproduction } from "../reproduction.ts";

/** A step that lives, and what the explorer makes of it. */
export interface LivingStep {
  name: string;
  reproduction: Reproduction;
  loss: number;
  /** Gradients or, of an update, the weights after it: kernels and biases, the lowest layer first. */
  values: { kernel: Float32Array; bias: Float32Array }[];
}

const plain = {
  ...presets.published,
  model: { inputs: 2, layers: [{ units: 2, activation: "relu" }], forgetBias: 1 },
  init: { kind: "glorot", seed: "7", scale: 1 },
  data: dataOf([{ time: 5, rows: [row(5), row(5)] }]),
  steps: 9,
} satisfies TrainingCase;
const uneven = dataOf([{ time: 6, rows: [row(3), row(5), row(2)] }]);
const { model, loss, optimizer } = plain;
const two = {
  ...model,
  layers: [
    { units: 3, activation: "tanh" as const },
    { units: 2, activation: "sigmoid" as const },
  ],
};

/** Steps that use everything that a case can ask for, by name. */
const CASES: Readonly<Record<string, TrainingCase>> = {
  plain,
  "uneven rows, padded": { ...plain, data: uneven },
  "two layers, masked padding, l2": {
    ...plain,
    model: { ...two, forgetBias: 0.5 },
    data: uneven,
    loss: { ...loss, axis: "embedding", padding: "masked", l2: 0.01 },
  },
  "masked padding along time": { ...plain, model: two, data: uneven, loss: { ...loss, padding: "masked" } },
  "linear cells, naive, clipped by global norm": {
    ...plain,
    model: {
      ...model,
      layers: [
        { units: 2, activation: "linear" },
        { units: 2, activation: "relu" },
      ],
    },
    loss: { ...loss, normalise: { kind: "naive" }, axis: "embedding" },
    optimizer: { ...optimizer, clip: { kind: "globalNorm", limit: 1e-3 } },
  },
  "no forget bias, epsilon, clipped by value": {
    ...plain,
    model: { ...two, forgetBias: 0 },
    loss: { ...loss, normalise: { kind: "epsilon", epsilon: 0.5 } },
    optimizer: { ...optimizer, clip: { kind: "value", limit: 1e-3 } },
  },
  "safe, clipped by a safe global norm": {
    ...plain,
    model: two,
    loss: { ...loss, normalise: { kind: "safe" }, axis: "embedding" },
    optimizer: { ...optimizer, clip: { kind: "safeGlobalNorm", limit: 1e-3 } },
  },
  "a clip of the cell": { ...plain, model: { ...model, cellClip: 0.05 } },
  "a clip of the gradient inside a row": { ...plain, model: { ...two, gradientClip: 1e-3 } },
  "Adam as tensorflow.js has it": { ...plain, optimizer: { ...optimizer, form: "tfjs" } },
  "plain gradient descent": {
    ...plain,
    optimizer: { kind: "sgd", learningRate: 0.1, clip: { kind: "none" }, skipNonFinite: false },
  },
  "updates that may be skipped": { ...plain, optimizer: { ...optimizer, skipNonFinite: true } },
};

/** Every case as a step of its training: the third, so that an optimizer has a state. */
export async function livingSteps(depth: Exclude<Depth, "clip">): Promise<LivingStep[]> {
  const engine = await explorerEngine();
  return Object.entries(CASES).map(([name, full]) => {
    // What is compared of a gradient is what it is before the optimizer clips it.
    const clip = depth === "gradients" ? ({ kind: "none" } as const) : full.optimizer.clip;
    const testCase: TrainingCase = { ...full, optimizer: { ...full.optimizer, clip } };
    const session = lstm.open(engine, testCase, { folder: "." });
    if (session instanceof Promise) throw new Error("the explorer answers at once");
    try {
      for (let step = 0; step < 3; step++) session.step();
      const fatal = session.cutOut();
      if (fatal instanceof Promise) throw new Error("the explorer answers at once");
      const training = engine.start(testCase, fatal.state);
      const values = depth === "gradients" ? training.gradients(fatal.batch) : null;
      const record = training.step(fatal.batch);
      const after = training.state().weights;
      training.dispose();
      const isLoss = depth === "loss";
      const expected = { signature: "forward/recurrence-overflow/relu", step: 1, site: null };
      const finite = { ...record.finite, loss: !isLoss, rawGradients: depth === "update" };
      const reproduction = reproductionOf({ fatal, record: { ...record, finite }, expected, sentence: "" });
      return {
        name: `${name}, ${depth}`,
        reproduction,
        loss: record.loss,
        values: values ?? (isLoss ? [] : after),
      };
    } finally {
      session.dispose();
    }
  });
}
