// A rate that is too high: the weight grows fivefold a step until its square overflows. A rate of 1 / 3 of it, a norm of the gradient, or
// a batch of half the size keeps it alive.
import * as tf from "@tensorflow/tfjs";
import { integer, logUniform, program, uniform } from "nanproof/program";

export default program({
  knobs: {
    rate: logUniform(1e-3, 10, { default: 3 }),
    scale: uniform(0.1, 2, { default: 1 }),
    weights: integer(1, 4, { default: 1 }),
  },
  steps: 100,
  train({ knobs, steps, random, watch }) {
    const w = tf.variable(tf.tensor1d(Array.from({ length: knobs.weights }, () => 1 + random())));
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(knobs.rate),
      loss: (x) => {
        watch.gauge("validationLoss", 2 * Math.abs(w.dataSync()[0]));
        return w.mul(x).square().sum(); // dies here
      },
    });
    for (let i = 0; i < steps; i++) step(tf.scalar(knobs.scale));
  },
});
