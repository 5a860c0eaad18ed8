// A script of a person's own: its loss takes the logarithm of a weight that reaches 0.
import * as tf from "@tensorflow/tfjs";
import { watch } from "nanproof/program";

const weight = tf.variable(tf.tensor1d([1, 0.25]), true, "weight");
const optimizer = tf.train.sgd(1);

const step = watch({
  variables: { weight },
  optimizer,
  step: (x) =>
    optimizer.minimize(() => {
      const kept = tf.relu(weight.sub(x));
      return tf.log(kept).mean().neg(); // dies here
    }, true),
});

for (let i = 0; i < 6; i++) {
  const loss = step(tf.tensor1d([0, i * 3]));
  console.log(i, loss.dataSync()[0]);
}
