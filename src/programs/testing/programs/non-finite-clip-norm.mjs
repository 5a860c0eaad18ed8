// Clipping by a norm that overflows, though every gradient is finite. As TensorFlow does it, such a norm makes all NaN.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 2,
  train({ steps, watch }) {
    const w = tf.variable(tf.tensor1d([1, 1]));
    const optimizer = tf.train.sgd(0.01);
    const step = watch({
      variables: { w },
      optimizer,
      step: (x) => {
        const { value, grads } = tf.variableGrads(() => w.mul(x).sum());
        const clipped = {};
        for (const [name, gradient] of Object.entries(grads)) {
          const norm = gradient.square().sum().sqrt(); // dies here
          const scale = tf.minimum(norm.pow(-1), 1).add(norm.sub(norm));
          clipped[name] = gradient.mul(scale);
        }
        optimizer.applyGradients(clipped);
        return value;
      },
    });
    for (let i = 0; i < steps; i++) step(tf.tensor1d([1, 1e25]));
  },
});
