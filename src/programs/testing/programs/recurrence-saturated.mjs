// A cell of a person's own, whose state overflows behind a gate that saturates: the loss stays finite, the gradient does not.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 2,
  train({ steps, watch }) {
    const kernel = tf.variable(tf.tensor2d([[8]]));
    const step = watch({
      variables: { kernel },
      optimizer: tf.train.sgd(0.01),
      loss: (x) => {
        let cell = tf.ones([1, 1]);
        let out = tf.zeros([1, 1]);
        for (const input of tf.unstack(x, 1)) {
          const moved = tf.matMul(cell, kernel); // dies here
          const forget = tf.sigmoid(input);
          cell = tf.mul(forget, moved).add(input);
          out = tf.tanh(cell);
        }
        return out.mean();
      },
    });
    for (let i = 0; i < steps; i++) step(tf.ones([1, 70, 1]));
  },
});
