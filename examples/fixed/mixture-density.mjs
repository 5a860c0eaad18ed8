// ../mixture-density.mjs, with its fault mended.
import * as tf from "@tensorflow/tfjs";
import { integer, program, uniform } from "nanproof/program";

export default program({
  knobs: {
    units: integer(1, 8, { default: 3 }),
    mixtures: integer(1, 4, { default: 2 }),
    jump: uniform(0, 40, { default: 20 }),
  },
  steps: 40,
  train({ knobs, seed, random, steps, watch }) {
    const { units, mixtures, jump } = knobs;
    const normal = (shape, at) => tf.variable(tf.randomNormal(shape, 0, 0.3, "float32", seed + at));
    const variables = { kernel: normal([1 + units, units], 0), head: normal([units, 3 * mixtures], 1) };
    const step = watch({
      variables,
      optimizer: tf.train.adam(0.01),
      loss(x, y) {
        let hidden = tf.zeros([x.shape[0], units]);
        for (const input of tf.unstack(x, 1))
          hidden = tf.tanh(tf.matMul(tf.concat([input, hidden], 1), variables.kernel));
        const [means, widths, weights] = tf.split(tf.matMul(hidden, variables.head), 3, 1);
        return negativeLogLikelihood(y, means, tf.exp(widths), tf.softmax(weights));
      },
    });
    for (let i = 0; i < steps; i++) {
      const x = tf.tensor3d(Float32Array.from({ length: 4 * 6 }, random), [4, 6, 1]);
      // Now and then a stroke jumps.
      const y = Array.from({ length: 4 }, () => [random() < 0.1 ? jump * random() : random()]);
      step(x, tf.tensor2d(y, [4, 1]));
    }
  },
});

function negativeLogLikelihood(y, means, sigma, weights) {
  const distance = tf.square(tf.div(tf.sub(y, means), sigma));
  const likelihood = tf.sub(tf.mul(distance, -0.5), tf.log(tf.mul(sigma, Math.sqrt(2 * Math.PI))));
  return tf.neg(tf.mean(tf.logSumExp(tf.add(tf.log(weights), likelihood), 1)));
}
