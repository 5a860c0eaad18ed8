// A training that never calls `watch`.
import * as tf from "@tensorflow/tfjs";
import { program } from "nanproof/program";

export default program({
  steps: 3,
  async train() {
    tf.zeros([2]).dispose();
  },
});
