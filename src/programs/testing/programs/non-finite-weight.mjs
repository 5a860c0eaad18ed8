// A weight that is NaN from the start.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ steps, watch }) {
    const w = tf.variable(tf.tensor1d([1, Number.NaN]));
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(0.01),
      loss: (x) => {
        return w.mul(x).sum(); // dies here
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 1]));
  },
});
