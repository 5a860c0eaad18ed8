// A softmax by hand whose row is masked altogether: its largest score is -Infinity, and so is every score.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ steps, watch }) {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(0.01),
      loss: (x) => {
        const scores = tf.where(x.greater(0), w, tf.fill([2], Number.NEGATIVE_INFINITY));
        const shifted = scores.sub(tf.max(scores)); // dies here
        return tf.exp(shifted).sum().log();
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([0, 0]));
  },
});
