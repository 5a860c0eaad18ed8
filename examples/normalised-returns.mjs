// https://github.com/MorvanZhou/Reinforcement-learning-with-tensorflow/issues/99, made again in tensorflow.js:
// the returns of an episode are divided by their standard deviation. Where all are the same that is 0 divided by
// 0.
import * as tf from "@tensorflow/tfjs";
import { integer, program, uniform } from "nanproof/program";

export default program({
  knobs: {
    units: integer(1, 8, { default: 3 }),
    time: integer(2, 16, { default: 4 }),
    chance: uniform(0, 1, { default: 0.5 }),
  },
  steps: 60,
  train({ knobs, seed, random, steps, watch }) {
    const { units, time } = knobs;
    const normal = (shape, at) => tf.variable(tf.randomNormal(shape, 0, 0.3, "float32", seed + at));
    const variables = { kernel: normal([1 + units, units], 0), policy: normal([units, 2], 1) };
    const step = watch({
      variables,
      optimizer: tf.train.adam(0.01),
      loss(observations, actions, rewards) {
        let hidden = tf.zeros([1, units]);
        const logits = tf.unstack(observations).map((seen) => {
          hidden = tf.tanh(tf.matMul(tf.concat([seen, hidden], 1), variables.kernel));
          return tf.matMul(hidden, variables.policy);
        });
        const likelihoods = tf.sum(tf.mul(tf.logSoftmax(tf.concat(logits)), tf.oneHot(actions, 2)), 1);
        return tf.neg(tf.sum(tf.mul(likelihoods, normalised(rewards))));
      },
    });
    for (let i = 0; i < steps; i++) {
      const observations = tf.tensor3d(Float32Array.from({ length: time }, random), [time, 1, 1]);
      const actions = Int32Array.from({ length: time }, () => Math.round(random()));
      const rewards = Float32Array.from(actions, () => (random() < knobs.chance ? 1 : 0));
      step(observations, tf.tensor1d(actions, "int32"), tf.tensor1d(rewards));
    }
  },
});

function normalised(rewards) {
  const { mean, variance } = tf.moments(rewards);
  return tf.div(tf.sub(rewards, mean), tf.sqrt(variance));
}
