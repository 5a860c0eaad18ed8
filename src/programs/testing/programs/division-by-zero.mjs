// A mean over the timesteps of a row that has none.
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
        return w.div(x).sum(); // dies here
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([2, 0]));
  },
});
