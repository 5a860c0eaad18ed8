// A learning rate times a gradient.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ steps, watch }) {
    const w = tf.variable(tf.tensor1d([1, 1]));
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(1e20),
      loss: (x) => {
        return w.mul(x).sum();
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 1e19])); // called here
  },
});
