// A recurrent model of tf.layers that is trained with `fit`.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 4,
  async train({ watch }) {
    const loss = (target, output) => {
      watch.gauge("wasm", tf.getBackend() === "wasm" ? 1 : 0);
      return tf.losses.meanSquaredError(target, output);
    };
    const model = tf.sequential();
    model.add(tf.layers.gru({ units: 3, inputShape: [6, 2], name: "gru" })); // the layer
    model.add(tf.layers.dense({ units: 1, name: "head" }));
    model.compile({ optimizer: "rmsprop", loss, metrics: ["mse"] });
    const x = tf.randomNormal([8, 6, 2]);
    const y = tf.randomNormal([8, 1]);
    watch.gauge("ignored", 1);
    await model.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0, callbacks: watch.callback(model) });
  },
});
