import * as tf from "@tensorflow/tfjs";
import { type Batch, loopBound } from "../../cases/batch.ts";
import { gateColumns } from "../../cases/gates.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import type { TensorName, TraceGroup, TraceTensor } from "../../diagnosis/trace.ts";
import { normalise, regulariser } from "./loss.ts";
import { type BatchTensors, noTap, type Tap, unroll } from "./network.ts";
import { clipGradients, tensorflowGlobalNorm } from "./optimizer.ts";
import { distance, uploadBatch } from "./pass.ts";
import { applyUpdate, inTidy, layerTensors, type StateTensors } from "./state.ts";

type Taps = Map<string, TraceTensor>;
const key = (name: TensorName, timestep: number, layer: number) => `${name} ${timestep} ${layer}`;

/**
 * Traces one step and yields its intermediate values. Gradients of intermediates are taken
 * from autodiff itself: a zero probe is added to each, and the gradient of the probe is the
 * gradient of the tensor. Each phase is computed when the reader gets to it.
 *
 * @param enter Makes this run's backend the current one again; other runs may have computed since.
 */
export function* traceStep(
  testCase: TrainingCase,
  state: StateTensors,
  batch: Batch,
  enter: () => void,
): Generator<TraceGroup> {
  const { model } = testCase;
  const layers = model.layers.map((_, l) => l);
  const bound = loopBound(batch);
  const weights = state.slots.map((slot) => slot.weight);

  for (const l of layers) {
    enter();
    const [kernel, bias] = [weights[2 * l], weights[2 * l + 1]] as [tf.Tensor, tf.Tensor];
    yield {
      phase: "forward",
      timestep: null,
      layer: l,
      tensors: [tensor("kernel", kernel), tensor("bias", bias)],
    };
  }
  enter();
  const forward = forwardTaps(testCase, state, batch);
  for (let t = 0; t < bound; t++)
    for (const l of layers)
      yield group("forward", t, l, forward.taps, ["input", "preActivation", "cell", "hidden"]);

  for (let t = 0; t < batch.time; t++) {
    const tensors = forward.normalised.map(({ name, columns, values }) => ({
      name,
      columns,
      values: column(values, batch, t, columns),
    }));
    yield { phase: "normalise", timestep: t, layer: null, tensors };
  }
  yield { phase: "normalise", timestep: null, layer: null, tensors: forward.scalars };

  enter();
  const backward = backwardTaps(testCase, state, batch, bound);
  for (let t = bound - 1; t >= 0; t--) {
    const top = backward.outputGradient;
    yield {
      phase: "backward",
      timestep: t,
      layer: null,
      tensors: [{ ...top, values: column(top.values, batch, t, top.columns) }],
    };
    for (const l of layers.toReversed())
      yield group(
        "backward",
        t,
        l,
        backward.taps,
        ["hidden", "cell", "preActivation"],
        (name) => `${name}Gradient` as TensorName,
      );
  }
  const pairs = (kernel: TensorName, bias: TensorName, values: TraceTensor[], l: number): TraceTensor[] => [
    { ...(values[2 * l] as TraceTensor), name: kernel },
    { ...(values[2 * l + 1] as TraceTensor), name: bias },
  ];
  for (const l of layers.toReversed())
    yield {
      phase: "backward",
      timestep: null,
      layer: l,
      tensors: pairs("kernelGradient", "biasGradient", backward.gradients, l),
    };

  enter();
  const end = clipAndUpdate(testCase, state, backward.gradients);
  if (end.norm) yield { phase: "clip", timestep: null, layer: null, tensors: [end.norm] };
  for (const l of layers)
    yield {
      phase: "clip",
      timestep: null,
      layer: l,
      tensors: pairs("clippedKernelGradient", "clippedBiasGradient", end.clipped, l),
    };
  for (const l of layers) {
    const tensors = [
      ...(end.firstMoment.length ? pairs("kernelFirstMoment", "biasFirstMoment", end.firstMoment, l) : []),
      ...(end.secondMoment.length
        ? pairs("kernelSecondMoment", "biasSecondMoment", end.secondMoment, l)
        : []),
      ...pairs("updatedKernel", "updatedBias", end.weights, l),
    ];
    yield { phase: "update", timestep: null, layer: l, tensors };
  }
}

/** Forward pass and loss, every tensor copied off the backend. */
function forwardTaps(testCase: TrainingCase, state: StateTensors, batch: Batch) {
  const taps: Taps = new Map();
  const record: Tap = (name, t, l, value) => {
    taps.set(key(name, t, l), tensor(name, value));
    return value;
  };
  return inTidy(() => {
    const layers = layerTensors(state.slots.map((slot) => slot.weight));
    const tensors = uploadBatch(testCase, batch);
    const output = unroll(testCase.model, layers, tensors, record);
    const spec = testCase.loss;
    const normalised = [
      tensor("target", tensors.y),
      ...(spec.normalise.kind === "safe"
        ? []
        : [
            tensor("targetSumOfSquares", tf.sum(tf.square(tensors.y), -1, true)),
            tensor("outputSumOfSquares", tf.sum(tf.square(output), -1, true)),
          ]),
      tensor("normalisedTarget", normalise(spec.normalise, tensors.y)),
      tensor("normalisedOutput", normalise(spec.normalise, output)),
    ];
    const data = distance(testCase, layers, tensors, noTap);
    const decay = spec.l2 > 0 ? regulariser(spec.l2, layers) : undefined;
    const scalars = [
      ...(decay ? [tensor("regulariser", decay)] : []),
      tensor("loss", decay ? tf.add(data, decay) : data),
    ];
    return { taps, normalised, scalars };
  });
}

/** Gradients of every tap, of the outputs and of the weights. */
function backwardTaps(testCase: TrainingCase, state: StateTensors, batch: Batch, bound: number) {
  return inTidy(() => {
    const tensors = uploadBatch(testCase, batch);
    const probes = new Map<string, tf.Tensor>();
    for (let t = 0; t < bound; t++)
      testCase.model.layers.forEach(({ units }, l) => {
        probes.set(key("preActivation", t, l), tf.zeros([batch.rows, gateColumns(units)]));
        probes.set(key("cell", t, l), tf.zeros([batch.rows, units]));
        probes.set(key("hidden", t, l), tf.zeros([batch.rows, units]));
      });
    const outputProbe = tf.zerosLike(tensors.y);
    const weights = state.slots.map((slot) => slot.weight);
    const names = [...probes.keys()];
    const f = (...inputs: tf.Tensor[]) =>
      probedLoss(
        testCase,
        tensors,
        inputs.slice(0, weights.length),
        inputs.at(weights.length) as tf.Tensor,
        new Map(names.map((name, i) => [name, inputs[weights.length + 1 + i] as tf.Tensor])),
      );
    const { grads } = tf.valueAndGrads(f)([...weights, outputProbe, ...probes.values()]);
    const taps: Taps = new Map();
    names.forEach((name, i) => {
      const gradient = grads[weights.length + 1 + i] as tf.Tensor;
      taps.set(name, tensor(name.split(" ")[0] as TensorName, gradient));
    });
    return {
      taps,
      outputGradient: tensor("outputGradient", grads[weights.length] as tf.Tensor),
      gradients: grads.slice(0, weights.length).map((g) => tensor("kernelGradient", g)),
    };
  });
}

function probedLoss(
  testCase: TrainingCase,
  batch: BatchTensors,
  weights: tf.Tensor[],
  outputProbe: tf.Tensor,
  probes: Map<string, tf.Tensor>,
): tf.Scalar {
  const layers = layerTensors(weights);
  const probe: Tap = (name, t, l, value) => {
    const zero = probes.get(key(name, t, l));
    return zero ? (tf.add(value, zero) as tf.Tensor2D) : value;
  };
  const data = distance(testCase, layers, batch, probe, outputProbe as tf.Tensor3D);
  return testCase.loss.l2 === 0 ? data : (tf.add(data, regulariser(testCase.loss.l2, layers)) as tf.Scalar);
}

function clipAndUpdate(testCase: TrainingCase, state: StateTensors, raw: TraceTensor[]) {
  return inTidy(() => {
    const gradients = raw.map(({ values }, i) => tf.tensor(values, state.slots[i]?.weight.shape));
    const clipped = clipGradients(testCase.optimizer.clip, gradients);
    const after = applyUpdate(testCase, state, clipped);
    const hasMoments = testCase.optimizer.kind === "adam";
    return {
      norm:
        testCase.optimizer.clip.kind === "globalNorm"
          ? tensor("gradientNorm", tensorflowGlobalNorm(gradients))
          : undefined,
      clipped: clipped.map((g) => tensor("clippedKernelGradient", g)),
      firstMoment: hasMoments ? after.slots.map((slot) => tensor("kernelFirstMoment", slot.firstMoment)) : [],
      secondMoment: hasMoments
        ? after.slots.map((slot) => tensor("kernelSecondMoment", slot.secondMoment))
        : [],
      weights: after.slots.map((slot) => tensor("updatedKernel", slot.weight)),
    };
  });
}

function group(
  phase: "forward" | "backward",
  timestep: number,
  layer: number,
  taps: Taps,
  names: TensorName[],
  rename = (name: TensorName) => name,
): TraceGroup {
  const tensors = names.flatMap((name) => {
    const found = taps.get(key(name, timestep, layer));
    return found ? [{ ...found, name: rename(name) }] : [];
  });
  return { phase, timestep, layer, tensors };
}

/** Timestep t of a tensor [rows, time, columns]. */
function column(values: Float32Array, batch: Batch, t: number, columns: number): Float32Array {
  const at = new Float32Array(batch.rows * columns);
  for (let row = 0; row < batch.rows; row++) {
    const start = (row * batch.time + t) * columns;
    at.set(values.subarray(start, start + columns), row * columns);
  }
  return at;
}

function tensor(name: TensorName, value: tf.Tensor): TraceTensor {
  return { name, columns: value.shape.at(-1) ?? 1, values: value.dataSync().slice() as Float32Array };
}
