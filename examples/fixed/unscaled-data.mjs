// ../unscaled-data.mjs, with its fault mended.
import * as tf from "@tensorflow/tfjs";
import { integer, logUniform, program } from "nanproof/program";

export default program({
  knobs: {
    count: integer(2, 40, { default: 24 }),
    learningRate: logUniform(1e-4, 0.1, { default: 0.01 }),
  },
  steps: 60,
  async train({ knobs, seed, steps, watch }) {
    const model = tf.sequential();
    const kernelInitializer = tf.initializers.glorotNormal({ seed });
    model.add(tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer }));
    model.compile({ optimizer: tf.train.sgd(knobs.learningRate), loss: "meanSquaredError" });
    const step = watch(model);
    const numbers = Array.from({ length: knobs.count }, (_, i) => [(i + 1) / knobs.count]);
    const x = tf.tensor2d(numbers);
    for (let i = 0; i < steps; i++) await step(x, x.add(2));
  },
});
