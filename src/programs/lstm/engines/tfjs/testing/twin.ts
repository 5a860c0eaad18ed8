import type { Batch } from "../../../cases/batch.ts";
import type { Activation, TrainingCase } from "../../../cases/schema.ts";

/** Kernel [inputs + units, 4 units] and bias [4 units] of a layer in float64. */
export interface Layer64 {
  kernel: Float64Array;
  bias: Float64Array;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const ACTIVATIONS: Readonly<Record<Activation, (x: number) => number>> = {
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
  sigmoid,
  linear: (x) => x,
};

/**
 * Outputs [row][timestep][unit] of the stack, one row at a time and from the definition alone. A
 * row that has ended gives 0; what dynamic_rnn computes there and discards has no value to compare.
 */
export function twinOutputs({ model }: TrainingCase, layers: Layer64[], batch: Batch): number[][][] {
  return Array.from({ length: batch.rows }, (_, row) => {
    const states = model.layers.map(({ units }) => ({
      c: new Array<number>(units).fill(0),
      h: new Array<number>(units).fill(0),
    }));
    return Array.from({ length: batch.time }, (_, t) => {
      if (t >= (batch.lengths[row] ?? 0)) return new Array<number>(model.layers.at(-1)?.units ?? 0).fill(0);
      const from = (row * batch.time + t) * model.inputs;
      let below = [...batch.x.subarray(from, from + model.inputs)];
      model.layers.forEach(({ units, activation }, l) => {
        const state = states[l] as { c: number[]; h: number[] };
        const { kernel, bias } = layers[l] as Layer64;
        const act = ACTIVATIONS[activation];
        const joined = [...below, ...state.h];
        const z = (gate: number, unit: number) =>
          joined.reduce(
            (sum, value, k) => sum + value * (kernel[k * 4 * units + gate * units + unit] as number),
            bias[gate * units + unit] as number,
          );
        const limit = model.cellClip ?? Number.POSITIVE_INFINITY;
        const c = state.c.map((old, u) => {
          const grown = sigmoid(z(2, u) + model.forgetBias) * old + sigmoid(z(0, u)) * act(z(1, u));
          return Math.min(Math.max(grown, -limit), limit);
        });
        const h = c.map((cell, u) => sigmoid(z(3, u)) * act(cell));
        states[l] = { c, h };
        below = h;
      });
      return below;
    });
  });
}

/** The unit vector in the form that the case names. */
function unitVector({ normalise }: TrainingCase["loss"], x: number[]): number[] {
  const sum = x.reduce((total, v) => total + v * v, 0);
  const length = {
    tensorflow: () => Math.sqrt(Math.max(sum, 1e-12)),
    naive: () => Math.sqrt(sum),
    epsilon: () => Math.sqrt(sum) + (normalise.kind === "epsilon" ? normalise.epsilon : 0),
    safe: () => Math.max(Math.sqrt(sum), 1e-6),
  }[normalise.kind]();
  return x.map((v) => v / length);
}

/** Cosine distance and regulariser; the loss is their sum. */
export function twinLoss(testCase: TrainingCase, layers: Layer64[], batch: Batch) {
  const { axis, padding, l2 } = testCase.loss;
  const units = testCase.model.layers.at(-1)?.units ?? 0;
  const distances: number[] = [];
  twinOutputs(testCase, layers, batch).forEach((row, r) => {
    const products = row.map((output, t) => {
      const from = (r * batch.time + t) * units;
      const target = unitVector(testCase.loss, [...batch.y.subarray(from, from + units)]);
      const unit = unitVector(testCase.loss, output);
      return target.map((v, u) => v * (unit[u] as number));
    });
    const length = padding === "masked" ? (batch.lengths[r] ?? 0) : batch.time;
    const counted = products.slice(0, length);
    const total = (values: number[]) => values.reduce((sum, v) => sum + v, 0);
    if (axis === "embedding") distances.push(...counted.map((at) => 1 - total(at)));
    else if (length > 0)
      for (let u = 0; u < units; u++) distances.push(1 - total(counted.map((at) => at[u] as number)));
  });
  const cosineDistance = distances.reduce((sum, d) => sum + d, 0) / Math.max(distances.length, 1);
  let squares = 0;
  for (const { kernel, bias } of layers)
    for (const part of [kernel, bias]) for (const w of part) squares += w * w;
  const regulariser = (l2 * squares) / 2;
  return { cosineDistance, regulariser, loss: cosineDistance + regulariser };
}

/** Gradient of the loss by central differences, error about 1e-9 of it where nothing has a kink. */
export function twinGradients(testCase: TrainingCase, layers: Layer64[], batch: Batch): Layer64[] {
  const loss = () => twinLoss(testCase, layers, batch).loss;
  const along = (values: Float64Array) =>
    Float64Array.from(values, (value, i) => {
      const h = 1e-6 * Math.max(1, Math.abs(value));
      values[i] = value + h;
      const above = loss();
      values[i] = value - h;
      const below = loss();
      values[i] = value;
      return (above - below) / (2 * h);
    });
  return layers.map(({ kernel, bias }) => ({ kernel: along(kernel), bias: along(bias) }));
}
