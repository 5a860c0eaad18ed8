import type { Float32Json } from "../../../../numerics/float32.ts";
import type { Hay } from "./bury.ts";

/** The rest of a planted failure once it is shrunk. */
export interface Minimum {
  /** The lowest first. */
  layers: string[];
  /** Of each layer the rows of inputs and hidden units; gates i, j, f, o. */
  kernels: Float32Json[][][];
  biases: Float32Json[][];
  x: Float32Json[];
  y: Float32Json[];
  lengths: number[];
}

/** Rows, columns of inputs, units: what a planted failure can be buried under and still be the first to die. */
const ROWS: Hay = { rows: 3, units: 0, inputs: 0 };
const COLUMNS: Hay = { rows: 2, units: 0, inputs: 2 };
const UNITS: Hay = { rows: 2, units: 2, inputs: 1 };
const ALL: readonly Hay[] = [ROWS, COLUMNS, UNITS];
/** Moments alone: more rows would bring a gradient of their own, more columns an output. */
const MOMENTS: readonly Hay[] = [{ rows: 0, units: 0, inputs: 0 }];

const nothing = (count: number) => new Array<number>(count).fill(0);
const none = nothing(4);

const small = ({
  activation = "relu",
  kernel = [none, none],
  bias = none,
  x = [0],
  y = nothing(x.length),
  lengths = [x.length],
}: {
  activation?: string;
  kernel?: Float32Json[][];
  bias?: Float32Json[];
  x?: Float32Json[];
  y?: Float32Json[];
  lengths?: number[];
}): Minimum => ({ layers: [`1 ${activation}`], kernels: [kernel], biases: [bias], x, y, lengths });

/** A linear unit below another one: nothing flows forward, and `weight` carries the target's 1 back. */
const steep = (weight: number, x = 0): Minimum => ({
  layers: ["1 linear", "1 linear"],
  kernels: [
    [none, none],
    [[0, weight, 0, 0], none],
  ],
  biases: [none, none],
  x: [x],
  y: [1],
  lengths: [1],
});

/** 1e19 and 4 in the lower layer, 9e18 above: both gates o and i of the lower layer must be half open and more. */
const deep: Minimum = {
  layers: ["1 relu", "1 linear"],
  kernels: [
    [[0, 1e19, 0, 0], none],
    [[0, 9e18, 0, 0], none],
  ],
  biases: [[5, 0, 0, 3], none],
  x: [4],
  y: [0],
  lengths: [1],
};

/**
 * The smallest step of every planted failure: what it is, and what it may be buried under. Gates without weights
 * are half open (the forget bias is 0), so a cell takes in half of its candidate, and hands out half of itself.
 */
export const minima: Readonly<Record<string, { minimum: Minimum; hays: readonly Hay[] }>> = {
  // (3e8 / 4)^5 = 2.4e39 / 2: a candidate past 3.4e38 at the sixth timestep; with 2e8 it is 3.1e38 / 2.
  "recurrence, in a pre-activation": {
    minimum: small({
      kernel: [
        [0, 1, 0, 0],
        [0, 3e8, 0, 0],
      ],
      x: [1, 0, 0, 0, 0, 0],
    }),
    hays: ALL,
  },
  // One timestep less: 1e10 is needed whole, and the output gate open by a bias of 2.
  "recurrence, by a closed gate": {
    minimum: small({
      kernel: [
        [0, 1, 0, 0],
        [0, 1e10, 0, 0],
      ],
      bias: [0, 0, 0, 2],
      x: [1, 0, 0, 0, 0],
    }),
    hays: [ROWS, COLUMNS],
  },
  // The saturated layer above goes.
  "recurrence, hidden by a saturated layer": {
    minimum: small({
      kernel: [
        [0, 1, 0, 0],
        [0, 1e10, 0, 0],
      ],
      bias: [0, 0, 0, 2],
      x: [1, 0, 0, 0, 0],
    }),
    hays: ALL,
  },
  // 7e9 / 4 * 2e29 = 3.5e38.
  "recurrence within two timesteps": {
    minimum: small({
      kernel: [
        [0, 7e9, 0, 0],
        [0, 2e29, 0, 0],
      ],
      x: [1, 0],
    }),
    hays: ALL,
  },
  // Each feeds the other: merged they feed themselves.
  "two units that feed each other": {
    minimum: small({
      kernel: [
        [0, 1, 0, 0],
        [0, 3e8, 0, 0],
      ],
      x: [1, 0, 0, 0, 0, 0],
    }),
    hays: [ROWS, COLUMNS],
  },
  // Two rows: one that has ended, and one that goes on for one timestep more.
  "the step of a row that has ended": {
    minimum: small({
      kernel: [
        [0, 1, 0, 0],
        [0, 1e10, 0, 0],
      ],
      bias: [0, 0, 0, 2],
      x: [1, ...nothing(9)],
      lengths: [4, 5],
    }),
    hays: ALL,
  },
  "an input product": { minimum: small({ kernel: [[0, 2e38, 0, 0], none], x: [2] }), hays: ALL },
  "an input product that a cell clip takes in, in the gradient": {
    minimum: small({ kernel: [[0, 2e38, 0, 0], none], x: [2] }),
    hays: ALL,
  },
  // 9e9 * 4e28 = 3.6e38.
  "an input product late in a row, after small ones": {
    minimum: small({ kernel: [[0, 9e9, 0, 0], none], x: [4e28] }),
    hays: ALL,
  },
  "depth alone, at the first timestep": { minimum: deep, hays: ALL },
  "depth alone, at the second timestep": { minimum: deep, hays: ALL },
  "the sum of squares, and a product with it": {
    minimum: small({ activation: "linear", bias: [2, 3e38, 0, 1] }),
    hays: ALL,
  },
  "a gradient": { minimum: steep(7e20, 8e12), hays: MOMENTS },
  "the norm that is clipped by": { minimum: steep(3e14), hays: MOMENTS },
  "Adam's second moment, tf1": { minimum: steep(3e14), hays: MOMENTS },
  "Adam's second moment, tfjs": { minimum: steep(3e14), hays: MOMENTS },
  "an update": { minimum: steep(6e13), hays: [] },
  // A vector of zeros: nothing at all is needed.
  "division by the norm of a zero output, naive": { minimum: small({}), hays: [ROWS] },
  "the same beside a target whose squares overflow without harm": {
    minimum: small({}),
    hays: [ROWS],
  },
  "division by a norm whose squares underflow, naive": {
    minimum: small({ activation: "linear" }),
    hays: [ROWS],
  },
  "the gradient of the norm of a zero output, epsilon": { minimum: small({}), hays: [ROWS] },
  // 0.1 / 2 * (3e19)^2 = 4.5e37; its float32 square alone, 9e38, is past the range.
  "the regulariser": { minimum: small({ activation: "tanh", kernel: [[0, 0, 0, 3e19], none] }), hays: ALL },
  "an update of 0 / 0": { minimum: small({ activation: "tanh" }), hays: [] },
  // The first timestep is computed whatever the lengths.
  "an input past its row's end, beside a longer row": {
    minimum: small({ activation: "tanh", x: ["NaN"], lengths: [0] }),
    hays: ALL,
  },
  "a target past its row's end": {
    minimum: small({ activation: "tanh", y: ["Infinity"], lengths: [0] }),
    hays: ALL,
  },
  "an input": { minimum: small({ activation: "tanh", x: ["NaN"] }), hays: ALL },
  "a target": { minimum: small({ activation: "tanh", y: ["Infinity"] }), hays: ALL },
  "a weight": { minimum: small({ activation: "tanh", bias: [0, 0, 0, "NaN"] }), hays: ALL },
};
