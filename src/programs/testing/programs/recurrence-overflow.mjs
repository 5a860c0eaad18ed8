// A recurrence of the person's own that grows by a factor a timestep.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 2,
  train({ steps, watch }) {
    const kernel = tf.variable(
      tf.tensor2d([
        [4, 0],
        [0, 0.5],
      ]),
    );
    const step = watch({
      variables: { kernel },
      optimizer: tf.train.sgd(0.01),
      loss: (x) => {
        let hidden = tf.zeros([2, 2]);
        for (const input of tf.unstack(x, 1)) {
          const moved = tf.matMul(hidden, kernel); // dies here
          hidden = tf.relu(moved.add(input));
        }
        return hidden.mean();
      },
    });
    for (let i = 0; i < steps; i++) step(tf.ones([2, 70, 2]));
  },
});
