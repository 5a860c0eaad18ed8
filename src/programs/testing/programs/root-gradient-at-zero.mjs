// The distance of two points that meet: its gradient is 0/0.
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
        return w.sub(x).square().sum().sqrt(); // dies here
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 2]));
  },
});
