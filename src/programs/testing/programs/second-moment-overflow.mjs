// A gradient whose square overflows in Adam: the weights stay finite, the slot does not.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  train({ steps, watch }) {
    const w = tf.variable(tf.tensor1d([1, 1]));
    const step = watch({
      variables: { w },
      optimizer: tf.train.adam(0.01),
      loss: (x) => {
        return w.mul(x).sum();
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 1e25])); // called here
  },
});
