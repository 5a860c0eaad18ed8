// A recurrent layer of tf.layers below another one, whose state grows by a factor a timestep.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 2,
  async train({ steps, watch }) {
    const growing = tf.initializers.identity({ gain: 3 });
    const rnn = (name) =>
      tf.layers.simpleRNN({
        units: 2,
        activation: "relu",
        recurrentInitializer: growing,
        kernelInitializer: "ones",
        returnSequences: true,
        inputShape: [90, 2],
        name,
      });
    const model = tf.sequential();
    model.add(rnn("lower"));
    model.add(tf.layers.lstm({ units: 1, name: "upper" }));
    model.compile({ optimizer: tf.train.sgd(1e-3), loss: "meanSquaredError" });
    const step = watch(model);
    for (let i = 0; i < steps; i++) await step(tf.ones([1, 90, 2]), tf.ones([1, 1])); // called here
  },
});
