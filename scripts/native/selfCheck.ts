/** Loads the package made of the variant named and multiplies with it. In a process of its own: a library that crashes takes its process along. */
import * as tf from "@tensorflow/tfjs";
import { loadNative } from "../../src/programs/lstm/engines/tfjs/native/load.ts";
import { madePackage } from "../../src/programs/lstm/engines/tfjs/native/locate.ts";
import type { Variant } from "../../src/programs/lstm/engines/tfjs/native/nativeFolder.ts";

const found = madePackage(process.argv[2] as Variant);
if (found === null) throw new Error("the lane has no package");
const { tensorflow, usesGpu } = loadNative(found);
const [product] = tf.matMul(tf.tensor2d([[2, 3]]), tf.tensor2d([[5], [7]])).dataSync();
if (tf.getBackend() !== "tensorflow" || product !== 31)
  throw new Error(`2 x 5 + 3 x 7 came out as ${product}`);
console.log(`TensorFlow ${tensorflow} loads and multiplies, on the ${usesGpu ? "GPU" : "processor"}`);
