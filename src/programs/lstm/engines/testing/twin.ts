import { type Batch, loopBound } from "../../cases/batch.ts";
import type { Activation, TrainingCase } from "../../cases/schema.ts";
import { type LayerShape, layerShapes } from "../../cases/shapes.ts";
import type { LayerParameters } from "../../cases/state.ts";
import { twinLoss } from "./twinLoss.ts";

/** Kernel and bias of one layer in float64. */
export interface TwinLayer {
  kernel: Float64Array;
  bias: Float64Array;
}

/** The results of a forward and backward pass. */
export interface TwinPass {
  /** [rows, time, units] */
  outputs: Float64Array;
  cosineDistance: number;
  regulariser: number;
  loss: number;
  gradients: TwinLayer[];
}

/** One cell step of one row: the values that backward needs. */
interface Tape {
  x: number[];
  h: number[];
  c: number[];
  i: number[];
  j: number[];
  f: number[];
  o: number[];
  unclipped: number[];
  a: number[];
  hidden: number[];
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const ACTIVATE: Record<Activation, (x: number) => number> = {
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
  sigmoid,
  linear: (x) => x,
};
/** Derivative by its value y. */
const SLOPE: Record<Activation, (y: number) => number> = {
  relu: (y) => (y > 0 ? 1 : 0),
  tanh: (y) => 1 - y * y,
  sigmoid: (y) => y * (1 - y),
  linear: () => 1,
};

/** Parameters as float64. */
export function twinLayers(parameters: LayerParameters[]): TwinLayer[] {
  return parameters.map(({ kernel, bias }) => ({
    kernel: Float64Array.from(kernel),
    bias: Float64Array.from(bias),
  }));
}

/**
 * Loss and gradients of a case in plain float64, one row after the other: what the kernels must compute,
 * with nothing packed, fused or in panels. Finished rows' discarded steps are left out: in finite
 * arithmetic they add nothing.
 */
export function twinPass(testCase: TrainingCase, weights: TwinLayer[], batch: Batch): TwinPass {
  const { model, loss } = testCase;
  const shapes = layerShapes(model);
  const units = shapes.at(-1)?.units ?? 0;
  const { rows, time } = batch;
  const outputs = new Float64Array(rows * time * units);
  const tapes: Tape[][][] = [];
  for (let row = 0; row < rows; row++) {
    const steps = forwardRow(testCase, shapes, weights, batch, row);
    tapes.push(steps);
    steps.forEach((layers, t) => {
      layers.at(-1)?.hidden.forEach((h, u) => {
        outputs[(row * time + t) * units + u] = h;
      });
    });
  }
  const { distance, gradient } = twinLoss(loss, outputs, batch, units);
  const gradients = weights.map(({ kernel, bias }) => ({
    kernel: kernel.map((w) => loss.l2 * w),
    bias: bias.map((w) => loss.l2 * w),
  }));
  tapes.forEach((steps, row) => {
    backwardRow(testCase, shapes, weights, steps, (t) => row * time * units + t * units, gradient, gradients);
  });
  let squares = 0;
  for (const { kernel, bias } of weights) for (const w of [...kernel, ...bias]) squares += w * w;
  const regulariser = (loss.l2 * squares) / 2;
  return { outputs, cosineDistance: distance, regulariser, loss: distance + regulariser, gradients };
}

function forwardRow(
  { model }: TrainingCase,
  shapes: LayerShape[],
  weights: TwinLayer[],
  batch: Batch,
  row: number,
): Tape[][] {
  const clip = model.cellClip ?? Number.POSITIVE_INFINITY;
  const states = shapes.map(({ units }) => ({
    h: new Array<number>(units).fill(0),
    c: new Array<number>(units).fill(0),
  }));
  const steps: Tape[][] = [];
  for (let t = 0; t < Math.min(batch.lengths[row] ?? 0, loopBound(batch)); t++) {
    const start = (row * batch.time + t) * model.inputs;
    let x = Array.from(batch.x.subarray(start, start + model.inputs));
    steps.push(
      shapes.map(({ units }, l) => {
        const { kernel, bias } = weights[l] as TwinLayer;
        const state = states[l] as { h: number[]; c: number[] };
        const act = ACTIVATE[model.layers[l]?.activation ?? "tanh"];
        const z = Array.from(bias, (b, n) =>
          [...x, ...state.h].reduce((sum, value, k) => sum + value * (kernel[k * 4 * units + n] ?? 0), b),
        );
        const gate = (g: number, apply: (v: number) => number) =>
          z.slice(g * units, (g + 1) * units).map(apply);
        const i = gate(0, sigmoid);
        const j = gate(1, act);
        const f = gate(2, (v) => sigmoid(v + model.forgetBias));
        const o = gate(3, sigmoid);
        const unclipped = i.map((iu, u) => (f[u] ?? 0) * (state.c[u] ?? 0) + iu * (j[u] ?? 0));
        const next = unclipped.map((c) => Math.min(Math.max(c, -clip), clip));
        const a = next.map(act);
        const hidden = a.map((v, u) => v * (o[u] ?? 0));
        const tape = { x, h: state.h, c: state.c, i, j, f, o, unclipped, a, hidden };
        states[l] = { h: hidden, c: next };
        x = hidden;
        return tape;
      }),
    );
  }
  return steps;
}

function backwardRow(
  { model }: TrainingCase,
  shapes: LayerShape[],
  weights: TwinLayer[],
  steps: Tape[][],
  outputAt: (t: number) => number,
  outputGradient: Float64Array,
  gradients: TwinLayer[],
): void {
  const clip = model.cellClip ?? Number.POSITIVE_INFINITY;
  const most = model.gradientClip ?? Number.POSITIVE_INFINITY;
  const dh = shapes.map(({ units }) => new Float64Array(units));
  const dc = shapes.map(({ units }) => new Float64Array(units));
  for (let t = steps.length - 1; t >= 0; t--) {
    const units = shapes.at(-1)?.units ?? 0;
    let above = outputGradient.slice(outputAt(t), outputAt(t) + units);
    for (let l = shapes.length - 1; l >= 0; l--) {
      const { inputs, units: n } = shapes[l] as LayerShape;
      const tape = steps[t]?.[l] as Tape;
      const { kernel } = weights[l] as TwinLayer;
      const into = gradients[l] as TwinLayer;
      const slope = SLOPE[model.layers[l]?.activation ?? "tanh"];
      const dz = new Float64Array(4 * n);
      const carryH = dh[l] as Float64Array;
      const carryC = dc[l] as Float64Array;
      for (let u = 0; u < n; u++) {
        const [i, j, f, o, a, c] = [tape.i, tape.j, tape.f, tape.o, tape.a, tape.c].map((v) => v[u] ?? 0) as [
          number,
          number,
          number,
          number,
          number,
          number,
        ];
        const hidden = (above[u] ?? 0) + (carryH[u] ?? 0);
        let cell = hidden * o * slope(a) + (carryC[u] ?? 0);
        if (Math.abs(tape.unclipped[u] ?? 0) > clip) cell = 0;
        dz[u] = cell * j * i * (1 - i);
        dz[n + u] = cell * i * slope(j);
        dz[2 * n + u] = cell * c * f * (1 - f);
        dz[3 * n + u] = hidden * a * o * (1 - o);
        carryC[u] = cell * f;
      }
      dz.forEach((value, m) => {
        dz[m] = Math.min(Math.max(value, -most), most);
      });
      const below = new Float64Array(inputs + n);
      [...tape.x, ...tape.h].forEach((value, k) => {
        for (let m = 0; m < 4 * n; m++) {
          into.kernel[k * 4 * n + m] = (into.kernel[k * 4 * n + m] ?? 0) + value * (dz[m] ?? 0);
          below[k] = (below[k] ?? 0) + (dz[m] ?? 0) * (kernel[k * 4 * n + m] ?? 0);
        }
      });
      dz.forEach((value, m) => {
        into.bias[m] = (into.bias[m] ?? 0) + value;
      });
      above = below.slice(0, inputs);
      dh[l] = below.slice(inputs);
    }
  }
}
