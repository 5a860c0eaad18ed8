// A healthy program: a dense layer, Adam, unseeded weights and an unseeded dropout.
import * as tf from "@tensorflow/tfjs";
import { choice, integer, lengths, logUniform, program, uniform } from "nanproof/program";

export default program({
  knobs: {
    units: integer(1, 8, { default: 4 }),
    learningRate: logUniform(1e-4, 1, { default: 0.01 }),
    inputScale: uniform(0.5, 1.5),
    activation: choice(["tanh", "relu"]),
    lengths: lengths({ rows: [1, 4], time: [0, 5] }),
  },
  steps: 5,
  invariants: [{ name: "small-loss", check: ({ loss }) => (loss < 1e6 ? null : `the loss is ${loss}`) }],
  async train({ knobs, steps, random, watch }) {
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: knobs.units, activation: knobs.activation, inputShape: [3] }));
    model.add(tf.layers.dropout({ rate: 0.5 }));
    model.add(tf.layers.dense({ units: 1 }));
    model.compile({ optimizer: tf.train.adam(knobs.learningRate), loss: "meanSquaredError" });
    const step = watch(model);
    console.log("training", knobs.lengths.length);
    for (let i = 0; i < steps; i++) {
      const numbers = () => Array.from({ length: 6 }, () => knobs.inputScale * random());
      const x = tf.tensor2d(numbers(), [2, 3]);
      const y = tf.tensor2d([random(), random()], [2, 1]);
      await step(x, y);
      tf.dispose([x, y]);
    }
  },
});
