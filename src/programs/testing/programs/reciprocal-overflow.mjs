// The logarithm of a tiny probability is finite; its gradient 1/p is not.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ steps, watch }) {
    const w = tf.variable(tf.tensor1d([0.5, 1e-39]));
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(0.01),
      loss: (x) => {
        return tf.log(w).mul(x).sum().neg(); // dies here
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 1]));
  },
});
