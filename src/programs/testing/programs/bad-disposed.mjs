// A batch that has been disposed of.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ watch }) {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const optimizer = tf.train.sgd(0.01);
    const step = watch({ variables: { w }, optimizer, loss: (x) => w.mul(x).square().mean() });
    const x = tf.tensor1d([1, 2]);
    step(x);
    x.dispose();
    step(x); // wrong here
  },
});
