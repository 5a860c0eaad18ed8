// A program in TypeScript, its types checked against those of nanproof/program.
import * as tf from "@tensorflow/tfjs";
import { choice, integer, lengths, program } from "nanproof/program";

interface Batch {
  input: tf.Tensor1D;
  scale: number;
  mask: Float32Array;
}

export default program({
  knobs: {
    units: integer(2, 4),
    order: choice(["up", "down"]),
    rows: lengths({ rows: [1, 2], time: [0, 3] }),
  },
  steps: 3,
  train({ knobs, steps, watch }) {
    const order: "up" | "down" = knobs.order;
    const total: number = knobs.rows.reduce((sum, length) => sum + length, knobs.units);
    const w = tf.variable(tf.zeros([2]));
    const step = watch({
      variables: { w },
      optimizer: tf.train.adam(0.1),
      loss: ({ input, scale, mask }: Batch) => {
        const shifted = w.add(input.mul(scale)).mul(tf.tensor1d(mask));
        return tf.log(shifted).sum() as tf.Scalar; // dies here
      },
    });
    for (let i = 0; i < steps; i++) {
      const loss: number = step({
        input: tf.tensor1d([1, 1]),
        scale: i - 1,
        mask: Float32Array.of(1, total),
      });
      watch.gauge("seen", loss);
    }
    if (order === "down") throw new Error("there is no down");
  },
});
