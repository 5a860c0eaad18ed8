// A step of gradient descent whose numbers are known: the gradient is the batch, and the second batch is NaN.
import * as tf from "@tensorflow/tfjs";
import { choice, program } from "nanproof/program";

export default program({
  knobs: { optimizer: choice(["sgd", "momentum", "adam"]) },
  steps: 3,
  train({ knobs, steps, watch }) {
    const w = tf.variable(tf.tensor1d([0, 0]));
    const optimizers = {
      sgd: () => tf.train.sgd(1),
      momentum: () => tf.train.momentum(1, 0.5),
      adam: () => tf.train.adam(1),
    };
    const step = watch({
      variables: { w },
      optimizer: optimizers[knobs.optimizer](),
      loss: (x) => w.mul(x).sum(),
    });
    const batches = [
      [3, 4],
      [Number.NaN, 4],
      [3, 4],
    ];
    for (const batch of batches.slice(0, steps)) step(tf.tensor1d(batch));
  },
});
