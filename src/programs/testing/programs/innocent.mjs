// Numbers that are not finite and harm nobody: an attention mask whose -Infinity ends as weight 0, saturated gates, a branch
// that is computed and not used. The `death` knob adds a death of another kind behind them.
import * as tf from "@tensorflow/tfjs";
import { choice, program } from "nanproof/program";

export default program({
  knobs: { death: choice([false, true]) },
  steps: 3,
  train({ knobs, steps, watch }) {
    const w = tf.variable(
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
    );
    const step = watch({
      variables: { w },
      optimizer: tf.train.adam(0.01),
      loss: (x) => {
        const mask = tf.where(x.greater(0), tf.zerosLike(x), tf.fill([2, 2], Number.NEGATIVE_INFINITY));
        const attention = tf.softmax(w.add(mask));
        tf.log(tf.zerosLike(x)).sum();
        const gates = tf
          .sigmoid(w.mul(1e4))
          .add(tf.tanh(w.mul(-1e4)))
          .add(tf.exp(tf.fill([2, 2], -1e4)));
        const safe = tf.where(x.greater(0), x, tf.onesLike(x));
        const picked = tf.where(x.greater(0), w.mul(tf.log(safe)), tf.zerosLike(w));
        const loss = attention.mul(gates).add(picked).sum();
        if (!knobs.death) return loss;
        return tf.exp(loss.add(1e3)); // dies here
      },
    });
    for (let i = 0; i < steps; i++)
      step(
        tf.tensor2d([
          [1, 0],
          [0, 1],
        ]),
      );
  },
});
