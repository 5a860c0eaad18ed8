// A program that computes for ever.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ watch }) {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const optimizer = tf.train.sgd(0.01);
    const step = watch({ variables: { w }, optimizer, loss: (x) => w.mul(x).square().mean() });
    step(tf.tensor1d([1, 2]));
    for (;;);
  },
});
