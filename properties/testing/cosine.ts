import * as tf from "@tensorflow/tfjs";
import type { LossSpec } from "../../src/programs/lstm/cases/schema.ts";
import { CODES } from "../../src/programs/lstm/engines/explorer/planFields.ts";
import { Scratchpad } from "../../src/programs/lstm/engines/explorer/testing/scratchpad.ts";
import { cosineDistance, normalise } from "../../src/programs/lstm/engines/tfjs/loss.ts";

/** Entries of a vector. */
export const UNITS = 4;
/** One vector of {@link UNITS} float32 entries. */
export type Vector = number[];

/** The cosine distance of a pair, and its gradient by the output where the upstream one is 1. */
export interface Outcome {
  distance: number;
  gradient: Vector;
}

/** On the reference engine's own loss. */
export function tfjsCosine(form: LossSpec["normalise"], target: Vector, output: Vector): Outcome {
  const spec: LossSpec = { kind: "cosine", axis: "embedding", normalise: form, padding: "counted", l2: 0 };
  return tf.tidy(() => {
    const y = tf.tensor3d(target, [1, 1, UNITS]);
    const loss = (x: tf.Tensor) =>
      cosineDistance(spec, normalise(form, y), normalise(form, x as tf.Tensor3D), Int32Array.of(1));
    const { value, grad } = tf.valueAndGrad(loss)(tf.tensor3d(output, [1, 1, UNITS]));
    return { distance: value.dataSync()[0] as number, gradient: [...grad.dataSync()] };
  });
}

/** On the explorer's kernels, in a memory of their own. */
export function explorerCosine(form: LossSpec["normalise"], target: Vector, output: Vector): Outcome {
  const pad = new Scratchpad();
  const kind = CODES.normalise[form.kind];
  const epsilon = form.kind === "epsilon" ? form.epsilon : 0;
  const mask = pad.putMask(UNITS);
  const unitOf = (x: number) => {
    const to = pad.put(new Float32Array(8));
    pad.kernels.normaliseRow(kind, epsilon, x, 32, 1, to, 32, mask);
    return to;
  };
  const x = pad.putPanels(output, 1, UNITS);
  const unitTarget = unitOf(pad.putPanels(target, 1, UNITS));
  const product = pad.kernels.dotRow(unitTarget, 32, unitOf(x), 32, 1);
  const to = pad.put(new Float32Array(8));
  pad.kernels.normaliseGradientRow(kind, epsilon, x, unitTarget, -1, 32, 1, to, mask);
  return { distance: Math.fround(1 - product), gradient: [...pad.get(to, UNITS)] };
}
