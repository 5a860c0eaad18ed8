// One operation of many tensors, of which a late one is bad.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 2,
  train({ steps, watch }) {
    const w = tf.variable(tf.ones([12]));
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(0.01),
      loss: (x) => {
        const parts = tf.unstack(w.mul(x)).map((part) => tf.log(part)); // dies here
        return tf.stack(parts).sum();
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1]));
  },
});
