// Adam without an epsilon: a gradient of 0 is divided by its moment of 0.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ steps, watch }) {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const optimizer = tf.train.adam(0.01);
    optimizer.epsilon = 0;
    const step = watch({ variables: { w }, optimizer, loss: (x) => w.mul(x).sum() });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 0])); // called here
  },
});
