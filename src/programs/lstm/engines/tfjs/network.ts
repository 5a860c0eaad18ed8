import * as tf from "@tensorflow/tfjs";
import { GATES, type Gate } from "../../cases/gates.ts";
import type { Activation, ModelSpec } from "../../cases/schema.ts";
import type { TensorName } from "../../diagnosis/trace.ts";
import { clamp, clipGradient, select } from "./ops.ts";

/** Kernel [inputs + units, 4 units] and bias [4 units] of one layer, as tensors. */
export interface LayerTensors {
  kernel: tf.Tensor2D;
  bias: tf.Tensor1D;
}

/** A batch on the backend. Only the timesteps that dynamic_rnn runs are there. */
export interface BatchTensors {
  rows: number;
  /** Padded width. */
  time: number;
  /** Inputs of each timestep run, [rows, inputs]. */
  x: tf.Tensor2D[];
  /** Targets [rows, time, units]. */
  y: tf.Tensor3D;
  lengths: Int32Array;
}

/**
 * Called with every tensor that a cell makes; the cell goes on with what it returns. Lets a caller
 * look at a tensor, or add a zero probe to it and so get its gradient.
 */
export type Tap = (name: TensorName, timestep: number, layer: number, tensor: tf.Tensor2D) => tf.Tensor2D;

/** Leaves every tensor as it is. */
export const noTap: Tap = (_name, _timestep, _layer, tensor) => tensor;

/** Cell c and hidden h of one layer, [rows, units]. */
interface CellState {
  c: tf.Tensor2D;
  h: tf.Tensor2D;
}

/**
 * Stacked LSTM cells unrolled as TensorFlow 1's dynamic_rnn unrolls them. A row that has ended is
 * computed on, from its frozen state and through the whole stack, while another row goes on; a
 * select then throws the result away (output 0, state carried). Timesteps past the longest row
 * are not run.
 *
 * @returns Outputs of the top layer, [rows, time, units]; 0 where a row has ended.
 */
export function unroll(model: ModelSpec, layers: LayerTensors[], batch: BatchTensors, tap: Tap): tf.Tensor3D {
  let states = model.layers.map(({ units }) => ({
    c: tf.zeros([batch.rows, units]) as tf.Tensor2D,
    h: tf.zeros([batch.rows, units]) as tf.Tensor2D,
  }));
  const width = model.layers.at(-1)?.units ?? 0;
  const outputs: tf.Tensor2D[] = [];
  batch.x.forEach((input, t) => {
    let below = input;
    const next = states.map((state, l) => {
      const stepped = cell(model, l, layers[l] as LayerTensors, below, state, (name, tensor) =>
        tap(name, t, l, tensor),
      );
      below = stepped.h;
      return stepped;
    });
    if (batch.lengths.every((length) => length > t)) {
      states = next;
      outputs.push(below);
      return;
    }
    const keep = (kept: tf.Tensor2D, old: tf.Tensor2D) =>
      select(runningMask(batch.lengths, t, kept.shape[1]), kept, old) as tf.Tensor2D;
    outputs.push(keep(below, tf.zerosLike(below)));
    states = next.map(({ c, h }, l) => {
      const old = states[l] as CellState;
      return { c: keep(c, old.c), h: keep(h, old.h) };
    });
  });
  const run = tf.stack(outputs, 1) as tf.Tensor3D;
  const rest = batch.time - batch.x.length;
  return rest === 0 ? run : (tf.concat([run, tf.zeros([batch.rows, rest, width])], 1) as tf.Tensor3D);
}

/**
 * One LSTM cell step (tf.nn.rnn_cell.LSTMCell without peepholes): [i, j, f, o] = [x, h] kernel + bias,
 * c' = sigmoid(f + forgetBias) c + sigmoid(i) act(j), h' = sigmoid(o) act(c').
 */
function cell(
  model: ModelSpec,
  layer: number,
  { kernel, bias }: LayerTensors,
  x: tf.Tensor2D,
  state: CellState,
  tap: (name: TensorName, tensor: tf.Tensor2D) => tf.Tensor2D,
): CellState {
  const activate = ACTIVATIONS[model.layers[layer]?.activation ?? "tanh"];
  const input = tap("input", x);
  const sum = tap("preActivation", tf.add(tf.matMul(tf.concat([input, state.h], 1), kernel), bias));
  const z = model.gradientClip === undefined ? sum : clipGradient(sum, model.gradientClip);
  const split = tf.split(z, GATES.length, 1) as tf.Tensor2D[];
  const gate = (name: Gate) => split[GATES.indexOf(name)] as tf.Tensor2D;
  const kept = tf.mul(tf.sigmoid(tf.add(gate("forget gate"), model.forgetBias)), state.c);
  const added = tf.mul(tf.sigmoid(gate("input gate")), activate(gate("candidate")));
  const grown = tf.add(kept, added) as tf.Tensor2D;
  const c = tap("cell", model.cellClip === undefined ? grown : (clamp(grown, model.cellClip) as tf.Tensor2D));
  const h = tap("hidden", tf.mul(tf.sigmoid(gate("output gate")), activate(c)));
  return { c, h };
}

const ACTIVATIONS: Readonly<Record<Activation, (x: tf.Tensor) => tf.Tensor>> = {
  relu: (x) => tf.relu(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  linear: (x) => x,
};

/** True for every unit of a row that still runs at timestep t; [rows, units]. */
function runningMask(lengths: Int32Array, t: number, units: number): tf.Tensor2D {
  const values = new Uint8Array(lengths.length * units);
  lengths.forEach((length, row) => {
    if (length > t) values.fill(1, row * units, (row + 1) * units);
  });
  return tf.tensor2d(values, [lengths.length, units], "bool");
}
