import * as tf from "@tensorflow/tfjs";
import { type Batch, loopBound } from "../../cases/batch.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import { targetWidth } from "../../cases/shapes.ts";
import { cosineDistance, normalise, regulariser } from "./loss.ts";
import { type BatchTensors, type LayerTensors, type Tap, unroll } from "./network.ts";
import { layerTensors } from "./state.ts";

/** The results of a forward and backward pass. */
export interface Pass {
  loss: number;
  cosineDistance: number;
  regulariser: number;
  /** Kernel and bias gradient of each layer in turn, before clipping. */
  gradients: tf.Tensor[];
}

/** A batch as tensors, cut to the timesteps that dynamic_rnn runs. */
export function uploadBatch(testCase: TrainingCase, batch: Batch): BatchTensors {
  const { inputs } = testCase.model;
  const bound = loopBound(batch);
  const x = Array.from({ length: bound }, (_, t) => {
    const at = new Float32Array(batch.rows * inputs);
    for (let row = 0; row < batch.rows; row++) {
      const start = (row * batch.time + t) * inputs;
      at.set(batch.x.subarray(start, start + inputs), row * inputs);
    }
    return tf.tensor2d(at, [batch.rows, inputs]);
  });
  const y = tf.tensor3d(batch.y, [batch.rows, batch.time, targetWidth(testCase.model)]);
  return { rows: batch.rows, time: batch.time, x, y, lengths: batch.lengths };
}

/** Cosine distance of the outputs on a batch. `outputProbe` is a zero added to them, to take their gradient. */
export function distance(
  testCase: TrainingCase,
  layers: LayerTensors[],
  batch: BatchTensors,
  tap: Tap,
  outputProbe?: tf.Tensor3D,
): tf.Scalar {
  const unprobed = unroll(testCase.model, layers, batch, tap);
  const output = outputProbe ? (tf.add(unprobed, outputProbe) as tf.Tensor3D) : unprobed;
  const spec = testCase.loss;
  return cosineDistance(
    spec,
    normalise(spec.normalise, batch.y),
    normalise(spec.normalise, output),
    batch.lengths,
  );
}

/** Loss and raw gradients. The gradients outlive the surrounding tidy: dispose of them. */
export function forwardBackward(
  testCase: TrainingCase,
  weights: tf.Tensor[],
  batch: BatchTensors,
  tap: Tap,
): Pass {
  let cosine = 0;
  let penalty = 0;
  const { value, grads } = tf.valueAndGrads((...variables: tf.Tensor[]) => {
    const layers = layerTensors(variables);
    const data = distance(testCase, layers, batch, tap);
    cosine = data.dataSync()[0] as number;
    if (testCase.loss.l2 === 0) return data;
    const decay = regulariser(testCase.loss.l2, layers);
    penalty = decay.dataSync()[0] as number;
    return tf.add(data, decay) as tf.Scalar;
  })(weights);
  return {
    loss: value.dataSync()[0] as number,
    cosineDistance: cosine,
    regulariser: penalty,
    gradients: grads.map((g) => tf.keep(g)),
  };
}
