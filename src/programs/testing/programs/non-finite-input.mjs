// A batch with a NaN, as from a missing value.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ steps, watch }) {
    const w = tf.variable(tf.tensor1d([1, 1]));
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(0.01),
      loss: (x) => {
        return w.mul(x).sum(); // dies here
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, i < 1 ? 1 : Number.NaN]));
  },
});
