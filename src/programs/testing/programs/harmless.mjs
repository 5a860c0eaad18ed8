// What ends without harm, each behind a death of another kind: gates that an overflow saturates, a branch that is not used and
// whose -Infinity its gradient would read, a gradient that is clipped, a mask of the batch.
import * as tf from "@tensorflow/tfjs";
import { choice, program } from "nanproof/program";

export default program({
  knobs: { death: choice(["none", "division", "update"]) },
  steps: 2,
  train({ knobs, steps, watch }) {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const optimizer = tf.train.sgd(knobs.death === "update" ? 3e38 : 0.01);
    const lossOf = (x, mask) => {
      const gate = tf.sigmoid(w.mul(1e38).mul(1e38));
      const chosen = x.greater(0);
      const safe = tf.where(chosen, x, tf.onesLike(x));
      const unused = tf.where(chosen, w.mul(tf.log(safe)), tf.log(tf.zerosLike(x)).mul(0));
      const attention = tf.softmax(w.add(mask));
      const loss = gate
        .mul(attention)
        .add(tf.where(chosen, unused, tf.zerosLike(w)))
        .sum();
      return knobs.death === "division" ? loss.div(x.min()) : loss; // dies here
    };
    const step = watch({
      variables: { w },
      optimizer,
      step: (x, mask) => {
        const { value, grads } = tf.variableGrads(() => lossOf(x, mask));
        const large = grads[w.name].div(tf.zerosLike(w)).clipByValue(-5, 5);
        const kept = tf.where(tf.isNaN(large), tf.fill([2], 2), large);
        optimizer.applyGradients({ [w.name]: knobs.death === "division" ? grads[w.name] : kept }); // called here
        return value;
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 0]), tf.tensor1d([0, Number.NEGATIVE_INFINITY]));
  },
});
