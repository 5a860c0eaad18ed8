import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { stateFile, stateFrom } from "../stateFile.ts";
import { trainingOf } from "../targets.ts";
import { type Part, release, type Snapshot } from "./parts.ts";
import { digestOf } from "./state.ts";

/** The eight optimizers of tensorflow.js, and one of their rarer forms. */
const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.05, 0.9),
  "nesterov momentum": () => tf.train.momentum(0.05, 0.9, true),
  rmsprop: () => tf.train.rmsprop(0.01),
  "centered rmsprop": () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7, true),
  adagrad: () => tf.train.adagrad(0.05),
  adadelta: () => tf.train.adadelta(0.5),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01, 0.9, 0.999, 1e-8, 0.1),
};

let made = 0;

/** A small training, the same whenever it is opened. */
function open(optimizer: tf.Optimizer) {
  made++;
  const kernel = tf.variable(tf.tensor2d([0.5, -0.3, 0.2, 0.9, -0.7, 0.1], [2, 3]), true, `kernel${made}`);
  const bias = tf.variable(tf.tensor1d([0.1, 0, -0.1]), true, `bias${made}`);
  const mean = tf.variable(tf.tensor1d([0, 0, 0]), false, `mean${made}`);
  const training = trainingOf(
    {
      variables: { kernel, bias, mean },
      optimizer,
      step: (x: tf.Tensor2D) =>
        optimizer.minimize(() => {
          const out = tf.tanh(x.matMul(kernel as tf.Tensor2D).add(bias));
          mean.assign(tf.tidy(() => mean.mul(0.9).add(out.mean(0).mul(0.1))));
          return out.sub(mean).square().mean();
        }, true),
    },
    {},
    [],
  );
  return {
    training,
    step: (i: number) => {
      const x = tf.tensor2d([Math.sin(i), 1 / (1 + i), 0.3, -0.2 * i], [2, 2]);
      (training.run([x]) as tf.Scalar).dispose();
      x.dispose();
    },
    digest: () => {
      const now = training.state.take();
      const digest = digestOf(now);
      release(now.values());
      return digest;
    },
  };
}

/** Through bytes and back, as a fixture goes. */
function throughFile(snapshot: Snapshot): Snapshot {
  return stateFrom(stateFile(snapshot));
}

describe.each(["cpu", "wasm"])("a restored state on %s", (backend) => {
  beforeAll(async () => {
    const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(dirname(entry) + sep);
    expect(await tf.setBackend(backend)).toBe(true);
    await tf.ready();
  });

  describe.each(Object.entries(OPTIMIZERS))("of %s", (_, optimizer) => {
    it.each([0, 1, 7, 29])("goes on to the bit after %i steps", (steps) => {
      const { training, step, digest } = open(optimizer());
      for (let i = 0; i < steps; i++) step(i);
      const before = training.state.take();
      for (let i = steps; i < steps + 3; i++) step(i);
      const wentOn = digest();
      training.state.restore(before);
      for (let i = steps; i < steps + 3; i++) step(i);
      expect(digest()).toBe(wentOn);
    });

    it("goes on to the bit in a training that was never run", () => {
      const first = open(optimizer());
      for (let i = 0; i < 5; i++) first.step(i);
      const saved = throughFile(first.training.state.take());
      first.step(5);
      const fresh = open(optimizer());
      fresh.training.state.restore(saved);
      expect(digestOf(fresh.training.state.take())).toBe(digestOf(saved));
      fresh.step(5);
      expect(fresh.digest()).toBe(first.digest());
    });

    it("is every tensor by name", () => {
      const { training, step } = open(optimizer());
      step(0);
      const names = [...training.state.take().keys()];
      expect(names).toEqual(
        expect.arrayContaining(["weight/kernel", "weight/bias", "buffer/mean", "counter/iterations"]),
      );
      expect(
        names
          .filter((name) => name.startsWith("slot/"))
          .every((name) => /^slot\/(kernel|bias)\/\w+$/.test(name)),
      ).toBe(true);
    });
  });

  it("keeps Adam's powers of beta and both moments", () => {
    const { training, step } = open(tf.train.adam(0.01));
    step(0);
    expect([...training.state.take().keys()]).toEqual([
      "weight/kernel",
      "weight/bias",
      "buffer/mean",
      "slot/kernel/m",
      "slot/bias/m",
      "slot/kernel/v",
      "slot/bias/v",
      "counter/accBeta1",
      "counter/accBeta2",
      "counter/iterations",
    ]);
  });

  it("leaves no tensors behind", () => {
    const { training, step } = open(tf.train.adam(0.01));
    step(0);
    const { numTensors } = tf.memory();
    for (let i = 1; i < 5; i++) {
      const before = training.state.take();
      step(i);
      training.state.restore(before);
      release(before.values());
    }
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it.each([
    ["another shape", (part: Part): Part => ({ ...part, shape: [3, 2] }), /weight\/kernel is F32 \[2,3\]/],
    ["another name", (part: Part): Part => ({ ...part, name: "weight/other" }), /has no weight\/other/],
  ])("of %s is refused", (_, change, message) => {
    const { training, step } = open(tf.train.adam(0.01));
    step(0);
    const saved = throughFile(training.state.take());
    const parts = [...saved.values()].map((part) => (part.name === "weight/kernel" ? change(part) : part));
    const changed = new Map(parts.map((part) => [part.name, part]));
    expect(() => training.state.restore(changed)).toThrow(message);
  });

  it("of another optimizer is refused", () => {
    const adam = open(tf.train.adam(0.01));
    adam.step(0);
    const saved = throughFile(adam.training.state.take());
    expect(() => open(tf.train.sgd(0.01)).training.state.restore(saved)).toThrow(/has no slot\/kernel\/m/);
  });
});

describe("a model of tf.layers", () => {
  it("goes on to the bit with recurrent layers, batch normalisation and states from batch to batch", async () => {
    await tf.setBackend("cpu");
    const model = tf.sequential();
    model.add(
      tf.layers.lstm({ units: 3, stateful: true, batchInputShape: [2, 4, 2], returnSequences: true }),
    );
    model.add(tf.layers.batchNormalization());
    model.add(tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2 }) as tf.RNN, mergeMode: "concat" }));
    model.add(tf.layers.dense({ units: 1 }));
    model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
    const training = trainingOf(model, {}, []);
    const step = async (i: number) => {
      const x = tf.tensor3d(
        Array.from({ length: 16 }, (_, k) => Math.sin(k + i)),
        [2, 4, 2],
      );
      const y = tf.tensor2d([0.5, -0.5], [2, 1]);
      await (training.run([x, y]) as Promise<unknown>);
    };
    for (let i = 0; i < 3; i++) await step(i);
    const before = training.state.take();
    expect([...before.keys()]).toContain("buffer/stateful0/0");
    expect([...before.keys()]).toContain("buffer/batch_normalization_BatchNormalization1/moving_mean");
    await step(3);
    await step(4);
    const wentOn = digestOf(training.state.take());
    training.state.restore(throughFile(before));
    await step(3);
    await step(4);
    expect(digestOf(training.state.take())).toBe(wentOn);
  });
});
