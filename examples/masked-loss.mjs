// https://github.com/tensorflow/tensorflow/issues/38349, made again in tensorflow.js: a loss with `where`, that
// has no logarithm of what is padding. The gradient of the logarithm that is not used is 0 times Infinity.
import * as tf from "@tensorflow/tfjs";
import { integer, lengths, program } from "nanproof/program";

export default program({
  knobs: {
    units: integer(1, 8, { default: 3 }),
    lengths: lengths({ rows: [1, 4], time: [1, 8], default: [8, 8, 5] }),
  },
  steps: 30,
  train({ knobs, seed, random, steps, watch }) {
    const { units } = knobs;
    const rows = knobs.lengths.length;
    const time = Math.max(...knobs.lengths);
    const normal = (shape, at) => tf.variable(tf.randomNormal(shape, 0, 0.3, "float32", seed + at));
    const variables = { kernel: normal([1 + units, units], 0), head: normal([units, 1], 1) };
    const step = watch({
      variables,
      optimizer: tf.train.adam(0.01),
      loss(x, mask) {
        let hidden = tf.zeros([x.shape[0], units]);
        const outputs = tf.unstack(x, 1).map((input) => {
          hidden = tf.tanh(tf.matMul(tf.concat([input, hidden], 1), variables.kernel));
          return tf.sigmoid(tf.matMul(hidden, variables.head));
        });
        return maskedLoss(tf.mul(tf.concat(outputs, 1), mask), mask);
      },
    });
    const present = Float32Array.from({ length: rows * time }, (_, at) =>
      at % time < knobs.lengths[Math.floor(at / time)] ? 1 : 0,
    );
    for (let i = 0; i < steps; i++) {
      const x = Float32Array.from(present, (one) => one * random());
      step(tf.tensor3d(x, [rows, time, 1]), tf.tensor2d(present, [rows, time]));
    }
  },
});

function maskedLoss(probabilities, mask) {
  const terms = tf.where(tf.greater(mask, 0), tf.log(probabilities), tf.zerosLike(mask));
  return tf.neg(tf.div(tf.sum(terms), tf.sum(mask)));
}
