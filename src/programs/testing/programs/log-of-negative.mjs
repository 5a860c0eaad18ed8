// The logarithm of a number that went below 0.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ steps, watch }) {
    const w = tf.variable(tf.tensor1d([0.5, 0.5]));
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(0.01),
      loss: (x) => {
        return tf.log(w.sub(x)).sum().neg(); // dies here
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([0.1, 0.9]));
  },
});
