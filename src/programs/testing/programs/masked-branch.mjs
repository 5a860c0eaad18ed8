// A logarithm that is not selected where it is -Infinity: 0 times its gradient is NaN.
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
        const logs = tf.log(w.mul(x)); // dies here
        return tf.where(x.greater(0), logs, tf.zerosLike(logs)).sum();
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 0]));
  },
});
