// A root of 0 that is not selected: its value is finite, its gradient is 0/0.
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
        const roots = tf.sqrt(w.mul(x)); // dies here
        return tf.where(x.greater(0), roots, tf.zerosLike(roots)).sum();
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 0]));
  },
});
