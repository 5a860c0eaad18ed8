// A recurrent model of tf.layers that is trained with `fit`.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 4,
  async train({ watch }) {
    const model = tf.sequential();
    const layer = tf.layers.gru({ units: 3, inputShape: [6, 2], name: "gru" });
    model.add(layer); // the layer
    model.add(tf.layers.dense({ units: 1, name: "head" }));
    model.compile({ optimizer: "rmsprop", loss: "meanSquaredError", metrics: ["mse"] });
    const x = tf.randomNormal([8, 6, 2]);
    const y = tf.tidy(() => {
      watch.gauge("ignored", 1);
      return tf.randomNormal([8, 1]);
    });
    model.layers[0].call = ((call) =>
      function (...given) {
        watch.gauge("wasm", tf.getBackend() === "wasm" ? 1 : 0);
        return call.apply(this, given);
      })(model.layers[0].call);
    await model.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0, callbacks: watch.callback(model) });
  },
});
