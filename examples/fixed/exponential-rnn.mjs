// ../exponential-rnn.mjs, with its fault mended.
import * as tf from "@tensorflow/tfjs";
import { integer, program, uniform } from "nanproof/program";

export default program({
  knobs: {
    units: integer(1, 8, { default: 3 }),
    time: integer(1, 20, { default: 6 }),
    inputScale: uniform(0.1, 2, { default: 1 }),
  },
  steps: 30,
  train({ knobs, seed, random, steps, watch }) {
    const { units, time, inputScale } = knobs;
    const kernel = tf.variable(tf.randomNormal([2, units], 0, 0.3, "float32", seed));
    const recurrent = tf.variable(tf.randomNormal([units, units], 0, 0.3, "float32", seed + 1));
    const step = watch({
      variables: { kernel, recurrent },
      optimizer: tf.train.sgd(0.05),
      loss(x, y) {
        let hidden = tf.zeros([x.shape[0], units]);
        for (const input of tf.unstack(x, 1))
          hidden = tf.tanh(tf.add(tf.matMul(input, kernel), tf.matMul(hidden, recurrent)));
        return tf.losses.meanSquaredError(y, hidden.mean(1));
      },
    });
    for (let i = 0; i < steps; i++) {
      const numbers = Float32Array.from({ length: 4 * time * 2 }, () => inputScale * random());
      step(tf.tensor3d(numbers, [4, time, 2]), tf.tensor1d([3, 4, 5, 6]));
    }
  },
});
