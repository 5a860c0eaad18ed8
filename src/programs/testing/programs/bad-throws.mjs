// A step that throws: an error of the program, not a death.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ watch }) {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const optimizer = tf.train.sgd(0.01);
    const step = watch({ variables: { w }, optimizer, loss: (x) => w.matMul(x).mean() }); // wrong here
    step(tf.tensor1d([1, 2]));
  },
});
