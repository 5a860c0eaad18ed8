// ../relu-lstm.mjs, with its fault mended.
import * as tf from "@tensorflow/tfjs";
import { integer, logUniform, program } from "nanproof/program";

export default program({
  knobs: {
    units: integer(1, 16, { default: 3 }),
    time: integer(2, 150, { default: 120 }),
    learningRate: logUniform(1e-3, 1, { default: 0.3 }),
  },
  steps: 20,
  async train({ knobs, seed, random, steps, watch }) {
    const layer = { activation: "tanh", recurrentDropout: 0.1, ...initializers(seed) };
    const model = tf.sequential();
    model.add(tf.layers.lstm({ units: knobs.units, inputShape: [knobs.time, 3], ...layer }));
    model.add(tf.layers.dense({ units: 1, kernelInitializer: "ones" }));
    model.compile({ optimizer: tf.train.adam(knobs.learningRate), loss: "meanSquaredError" });
    const step = watch(model);
    for (let i = 0; i < steps; i++) await step(...batch(knobs.time, random));
  },
});

function initializers(seed) {
  return {
    kernelInitializer: tf.initializers.glorotUniform({ seed }),
    recurrentInitializer: tf.initializers.glorotUniform({ seed: seed + 1 }),
  };
}

function batch(time, random) {
  const x = tf.tensor3d(Float32Array.from({ length: 4 * time * 3 }, random), [4, time, 3]);
  return [x, tf.sum(x, [1, 2]).expandDims(1)];
}
