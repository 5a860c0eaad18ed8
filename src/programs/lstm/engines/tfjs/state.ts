import * as tf from "@tensorflow/tfjs";
import { gateColumns } from "../../cases/gates.ts";
import { layersOf } from "../../cases/parameters.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import { layerShapes } from "../../cases/shapes.ts";
import type { TrainingState } from "../../cases/state.ts";
import type { LayerTensors } from "./network.ts";
import { type BetaPowers, betaPowers, nextPowers, type Slot, update } from "./optimizer.ts";

/** Weights and moments on the backend, kernel and bias of each layer in turn, after `step` updates. */
export interface StateTensors {
  step: number;
  powers: BetaPowers;
  slots: Slot[];
}

/** The state after one update with these gradients. */
export function applyUpdate(
  testCase: TrainingCase,
  state: StateTensors,
  gradients: tf.Tensor[],
): StateTensors {
  const { optimizer } = testCase;
  const powers = nextPowers(optimizer, state.powers);
  return {
    step: state.step + 1,
    powers,
    slots: state.slots.map((slot, i) => update(optimizer, slot, gradients[i] as tf.Tensor, powers)),
  };
}

/** Kernel and bias tensors in turn, as layers. */
export function layerTensors(weights: tf.Tensor[]): LayerTensors[] {
  return layersOf(weights) as LayerTensors[];
}

/** A copy of the state on the backend. */
export function upload(testCase: TrainingCase, state: TrainingState): StateTensors {
  const shapes = layerShapes(testCase.model);
  const kernel = (values: Float32Array, l: number) => {
    const { inputs, units } = shapes[l] ?? { inputs: 0, units: 0 };
    return tf.tensor2d(values.slice(), [inputs + units, gateColumns(units)]);
  };
  const slots = state.weights.flatMap((weights, l): Slot[] => {
    const first = state.firstMoment[l];
    const second = state.secondMoment[l];
    const none = new Float32Array(0);
    return [
      {
        weight: kernel(weights.kernel, l),
        firstMoment: first ? kernel(first.kernel, l) : tf.tensor1d(none),
        secondMoment: second ? kernel(second.kernel, l) : tf.tensor1d(none),
      },
      {
        weight: tf.tensor1d(weights.bias.slice()),
        firstMoment: tf.tensor1d(first?.bias.slice() ?? none),
        secondMoment: tf.tensor1d(second?.bias.slice() ?? none),
      },
    ];
  });
  return { step: state.step, powers: betaPowers(testCase.optimizer, state.step), slots };
}

/** A copy of the state off the backend. */
export function download({ step, slots }: StateTensors): TrainingState {
  const layers = (name: keyof Slot) => layersOf(read(slots.map((slot) => slot[name])));
  const hasMoments = slots.some((slot) => slot.firstMoment.size > 0);
  return {
    step,
    weights: layers("weight"),
    firstMoment: hasMoments ? layers("firstMoment") : [],
    secondMoment: hasMoments ? layers("secondMoment") : [],
  };
}

/** Copies of the tensors' values. */
export function read(tensors: tf.Tensor[]): Float32Array[] {
  return tensors.map((tensor) => tensor.dataSync().slice() as Float32Array);
}

/** Lets the tensors outlive the surrounding tidy. */
export function keepState(state: StateTensors): StateTensors {
  for (const slot of state.slots) for (const tensor of Object.values(slot)) tf.keep(tensor);
  return state;
}

/** Frees every tensor of the state. */
export function disposeState(state: StateTensors): void {
  for (const slot of state.slots) for (const tensor of Object.values(slot)) (tensor as tf.Tensor).dispose();
}

/** tf.tidy for a function that keeps by itself what shall outlive it and may return anything. */
export function inTidy<T>(run: () => T): T {
  let result: T | undefined;
  tf.tidy(() => {
    result = run();
  });
  return result as T;
}
