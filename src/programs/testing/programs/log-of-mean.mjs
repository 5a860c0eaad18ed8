// A mean whose count the batch gives: a step made small divides by 0 as well.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ steps, watch }) {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(0.01),
      loss: (x, count) => {
        return tf.log(w.mul(x)).sum().div(count); // dies here
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 0]), tf.scalar(2));
  },
});
