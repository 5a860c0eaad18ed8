// A squared error of targets that were not scaled.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ steps, watch }) {
    const w = tf.variable(tf.tensor1d([1, 1]));
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(1e-30),
      loss: (x) => {
        return w.sub(x).square().mean(); // dies here
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 1e25]));
  },
});
