// A likelihood that is taken back from its logarithm: exp passes float32 at 88.7.
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
        const scores = w.mul(x);
        return tf.exp(scores).sum(); // dies here
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([10, 50]));
  },
});
