import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import type { TrainingCase } from "../../cases/schema.ts";
import { train } from "../train.ts";
import { BACKENDS, LEFT_OUT, openBackends } from "./testing/backends.ts";
import { oneUnit, opened, smallCase } from "./testing/smallCase.ts";

const engines = await openBackends();
const adam = smallCase().optimizer;
const masked = {
  kind: "cosine",
  axis: "time",
  normalise: { kind: "safe" },
  padding: "masked",
  l2: 0.01,
} as const;

const kinds: [string, TrainingCase][] = [
  ["published", smallCase()],
  [
    "safe, masked, l2, safeGlobalNorm",
    smallCase({ loss: masked, optimizer: { ...adam, clip: { kind: "safeGlobalNorm", limit: 1 } } }),
  ],
  [
    "sgd, globalNorm",
    smallCase({
      optimizer: {
        kind: "sgd",
        learningRate: 0.1,
        clip: { kind: "globalNorm", limit: 1 },
        skipNonFinite: true,
      },
    }),
  ],
  [
    "every step skipped",
    oneUnit({
      activation: "relu",
      kernel: [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      bias: [1, 1, 1, 1],
      x: [[["Infinity"]]],
      differs: { optimizer: { ...adam, skipNonFinite: true } },
    }),
  ],
];

it.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("tensors of tfjs-%s", (backend) => {
  // The tensors are counted by tfjs itself; the native library only takes longer for each step.
  const steps = backend === "node" ? 60 : 200;

  it.each(kinds)(`stay flat over ${steps} steps and go with dispose: %s`, (_, testCase) => {
    engines(backend).start(testCase, opened(testCase).state).dispose();
    const start = tf.memory().numTensors;
    const { state, batch } = opened(testCase);
    const training = engines(backend).start(testCase, state);
    const counts = Array.from({ length: steps }, (_, k) => {
      training.step(batch);
      if (k % 20 === 10) {
        training.evaluate(batch);
        training.outputs(batch);
        training.gradients(batch);
        training.state();
        training.previousState();
        for (const _group of training.trace(batch));
        // A trace that is given up half way must leave nothing behind either.
        for (const { phase } of training.trace(batch)) if (phase === "backward") break;
      }
      return tf.memory().numTensors;
    });
    expect(counts.slice(1)).toEqual(counts.slice(1).map(() => counts[1]));
    training.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });

  it("are back to the start after a run that died and was diagnosed", async () => {
    const testCase = oneUnit({
      activation: "relu",
      kernel: [
        [0, 3e38, 0, 0],
        [0, 0, 0, 0],
      ],
      bias: [9, 0, 9, 9],
      x: [[[9]]],
    });
    const { state, batch } = opened(testCase);
    const start = tf.memory().numTensors;
    const training = engines(backend).start(testCase, state);
    const data = { batchesPerEpoch: 1, batch: () => batch, validation: () => [], description: "" };
    expect(await train(engines(backend), testCase, training, data)).toMatchObject({ status: "failed" });
    training.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });
});
