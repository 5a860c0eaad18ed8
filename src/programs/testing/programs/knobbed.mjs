// A recurrence with knobs: some of its cases die, each in one of three ways.
import * as tf from "@tensorflow/tfjs";
import { choice, integer, lengths, logUniform, program } from "nanproof/program";

export default program({
  knobs: {
    units: integer(1, 4, { default: 2 }),
    learningRate: logUniform(1e-3, 10, { default: 0.01 }),
    padding: choice(["before", "after"]),
    lengths: lengths({ rows: [1, 3], time: [0, 8] }),
  },
  steps: 30,
  train({ knobs, seed, random, steps, watch }) {
    const { units, learningRate, lengths: rows } = knobs;
    const kernel = tf.variable(tf.randomNormal([units + 1, units], 0, 1, "float32", seed));
    const head = tf.variable(tf.randomNormal([units, 1], 0, 1, "float32", seed + 1));
    const step = watch({
      variables: { kernel, head },
      optimizer: tf.train.sgd(learningRate),
      loss: (x, mask) => {
        let hidden = tf.zeros([x.shape[0], units]);
        for (const input of tf.unstack(x, 1))
          hidden = tf.relu(tf.matMul(tf.concat([input, hidden], 1), kernel));
        const error = tf.matMul(hidden, head).sub(1);
        return error.square().sum().div(mask.sum()); // no step at all: a division by 0
      },
    });
    const time = Math.max(1, ...rows);
    const at = (length, t) => (knobs.padding === "after" ? t < length : t >= time - length);
    for (let i = 0; i < steps; i++) {
      const x = rows.map((length) => Array.from({ length: time }, (_, t) => [at(length, t) ? random() : 0]));
      const mask = rows.map((length) => Array.from({ length: time }, (_, t) => (at(length, t) ? 1 : 0)));
      step(tf.tensor3d(x), tf.tensor2d(mask));
    }
  },
});
