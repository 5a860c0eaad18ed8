// An exponential that overflows where it is not selected: 0 times its gradient is NaN.
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
        const decay = tf.exp(w.mul(x)); // dies here
        return tf.where(x.less(10), decay, tf.zerosLike(decay)).sum();
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 50]));
  },
});
