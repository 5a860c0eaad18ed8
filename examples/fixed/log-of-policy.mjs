// ../log-of-policy.mjs, with its fault mended.
import * as tf from "@tensorflow/tfjs";
import { integer, logUniform, program } from "nanproof/program";

export default program({
  knobs: {
    units: integer(1, 8, { default: 4 }),
    time: integer(1, 12, { default: 5 }),
    learningRate: logUniform(0.01, 10, { default: 2 }),
  },
  steps: 60,
  train({ knobs, seed, random, steps, watch }) {
    const { units, time } = knobs;
    const normal = (shape, at) => tf.variable(tf.randomNormal(shape, 0, 0.5, "float32", seed + at));
    const variables = { kernel: normal([2 + units, units], 0), policy: normal([units, 3], 1) };
    const step = watch({
      variables,
      optimizer: tf.train.adam(knobs.learningRate),
      loss(observations, actions, rewards) {
        let hidden = tf.zeros([observations.shape[0], units]);
        for (const seen of tf.unstack(observations, 1))
          hidden = tf.tanh(tf.matMul(tf.concat([seen, hidden], 1), variables.kernel));
        const likelihoods = tf.logSoftmax(tf.matMul(hidden, variables.policy));
        const chosen = tf.sum(tf.mul(likelihoods, tf.oneHot(actions, 3)), 1);
        return tf.neg(tf.mean(tf.mul(chosen, rewards)));
      },
    });
    for (let i = 0; i < steps; i++) {
      const observations = Float32Array.from({ length: 4 * time * 2 }, () => random() - 0.5);
      const actions = Int32Array.from({ length: 4 }, () => Math.floor(3 * random()));
      const rewards = Float32Array.from(actions, (action) => (action === 1 ? 1 : -1));
      step(tf.tensor3d(observations, [4, time, 2]), tf.tensor1d(actions, "int32"), tf.tensor1d(rewards));
    }
  },
});
