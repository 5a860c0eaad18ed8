// Attention over a row whose every place is masked.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ steps, watch }) {
    const w = tf.variable(
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
    );
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(0.01),
      loss: (x) => {
        const mask = tf.fill([2, 2], Number.NEGATIVE_INFINITY);
        const scores = tf.where(x.greater(0), w, mask);
        return tf.softmax(scores).square().sum(); // dies here
      },
    });
    for (let i = 0; i < steps; i++)
      step(
        tf.tensor2d([
          [1, 0],
          [0, 0],
        ]),
      );
  },
});
