// A rate that is too high for one seed in four: the weight then grows fivefold a step until its square overflows.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 100,
  train({ seed, steps, random, watch }) {
    const rate = seed % 4 === 3 ? 3 : 0.1;
    const w = tf.variable(tf.scalar(1 + random()));
    const step = watch({
      variables: { w },
      optimizer: tf.train.sgd(rate),
      loss: (x) => {
        watch.gauge("state", Math.abs(w.dataSync()[0]));
        return w.mul(x).square().sum();
      },
    });
    for (let i = 0; i < steps; i++) step(tf.scalar(1));
  },
});
