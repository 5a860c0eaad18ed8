// https://github.com/tensorflow/tensorflow/issues/4914, made again in tensorflow.js: a loss with a square root,
// here the distance between a recurrent network's output and its target. Where they are equal the gradient of
// the root is Infinity.
import * as tf from "@tensorflow/tfjs";
import { integer, program, uniform } from "nanproof/program";

export default program({
  knobs: {
    units: integer(1, 8, { default: 2 }),
    time: integer(1, 12, { default: 5 }),
    silence: uniform(0, 1, { default: 0.3 }),
  },
  steps: 40,
  train({ knobs, seed, random, steps, watch }) {
    const { units, time } = knobs;
    const kernel = tf.variable(tf.randomNormal([1 + units, units], 0, 0.4, "float32", seed));
    const step = watch({
      variables: { kernel },
      optimizer: tf.train.sgd(0.1),
      loss(x, y) {
        let hidden = tf.zeros([x.shape[0], units]);
        for (const input of tf.unstack(x, 1))
          hidden = tf.tanh(tf.matMul(tf.concat([input, hidden], 1), kernel));
        return tf.mean(tf.sqrt(tf.sum(tf.squaredDifference(hidden, y), 1)));
      },
    });
    for (let i = 0; i < steps; i++) {
      // A silent sequence is 0 throughout, and so is its target.
      const loudness = [0, 1].map(() => (random() < knobs.silence ? 0 : random()));
      const x = Float32Array.from(
        { length: 2 * time },
        (_, at) => loudness[Math.floor(at / time)] * random(),
      );
      step(tf.tensor3d(x, [2, time, 1]), tf.tensor2d(loudness, [2, 1]));
    }
  },
});
