import type { TrainingCase } from "../../../cases/schema.ts";
import type { Diagnosis } from "../../../diagnosis/diagnosis.ts";
import {
  adam,
  closedGate,
  given,
  growing,
  loss,
  normalised,
  outputs,
  saturated,
  sgd,
  withLayers,
  zeros,
} from "./plantedCases.ts";
import { OPEN, oneUnit, steepCase } from "./smallCase.ts";

/** Every mechanism in its smallest case: what dies, the case, and what its diagnosis and site must show. */
export const planted: [string, TrainingCase, Partial<Diagnosis>, Partial<Diagnosis["site"]>][] = [
  [
    "recurrence, in a pre-activation",
    growing(6),
    { signature: "forward/recurrence-overflow/relu", ending: "pre-activation", operation: "0 * inf" },
    { tensor: "preActivation", timestep: 4, layer: 0, row: 0, unit: 1, value: "Infinity" },
  ],
  [
    "recurrence, by a closed gate",
    closedGate,
    { signature: "forward/recurrence-overflow/relu", ending: "closed-gate", operation: "0 * inf" },
    { tensor: "preActivation", timestep: 4, layer: 0, unit: 2 },
  ],
  [
    "recurrence, hidden by a saturated layer",
    saturated,
    { signature: "forward/recurrence-overflow/relu", ending: "saturated", operation: "0 * inf" },
    { tensor: "preActivation", timestep: 4, layer: 0, unit: 1 },
  ],
  [
    "recurrence within two timesteps",
    oneUnit({
      ...given,
      activation: "relu",
      kernel: [
        [0, 1e10, 0, 0],
        [0, 1e30, 0, 0],
      ],
      bias: [OPEN, 0, 0, OPEN],
      x: [[[1], [1]]],
    }),
    { signature: "forward/recurrence-overflow/relu" },
    { timestep: 1, layer: 0 },
  ],
  [
    "an input product",
    oneUnit({
      ...given,
      activation: "relu",
      kernel: [
        [0, 3e38, 0, 0],
        [0, 0, 0, 0],
      ],
      x: [[[9]]],
    }),
    { signature: "forward/input-overflow/relu" },
    { tensor: "preActivation", timestep: 0, unit: 1 },
  ],
  [
    "an input product late in a row, after small ones",
    oneUnit({
      ...given,
      activation: "relu",
      kernel: [
        [0, 1e10, 0, 0],
        [0, 0, 0, 0],
      ],
      bias: [OPEN, 0, 0, OPEN],
      x: [[[1], [1e30]]],
    }),
    { signature: "forward/input-overflow/relu" },
    { timestep: 1 },
  ],
  [
    "an input product that a cell clip takes in, in the gradient",
    oneUnit({
      ...given,
      activation: "relu",
      kernel: [
        [0, 3e38, 0, 0],
        [0, 0, 0, 0],
      ],
      x: [[[9]]],
      differs: {
        model: { inputs: 1, layers: [{ units: 1, activation: "relu" }], forgetBias: 0, cellClip: 50 },
      },
    }),
    { signature: "forward/input-overflow/relu", operation: "0 * inf", ending: "saturated" },
    { tensor: "preActivation", timestep: 0, unit: 1 },
  ],
  [
    "depth alone, at the first timestep",
    withLayers(
      [
        { units: 1, activation: "relu" },
        { units: 1, activation: "linear" },
      ],
      [
        { kernel: [[0, 1e19, 0, 0], zeros(4)], bias: [OPEN, 0, -OPEN, OPEN] },
        { kernel: [[0, 1e19, 0, 0], zeros(4)], bias: [OPEN, 0, -OPEN, OPEN] },
      ],
      2,
      [4, 0],
    ),
    { signature: "forward/input-overflow/linear" },
    { timestep: 0, layer: 1 },
  ],
  [
    "depth alone, at the second timestep",
    withLayers(
      [
        { units: 1, activation: "relu" },
        { units: 1, activation: "linear" },
      ],
      [
        { kernel: [[0, 1e19, 0, 0], zeros(4)], bias: [OPEN, 0, -OPEN, OPEN] },
        { kernel: [[0, 1e19, 0, 0], zeros(4)], bias: [OPEN, 0, -OPEN, OPEN] },
      ],
      2,
      [1, 4],
    ),
    { signature: "forward/input-overflow/linear" },
    { timestep: 1, layer: 1 },
  ],
  [
    "the sum of squares, and a product with it",
    outputs([3e38, 3e38], {}),
    { signature: "normalise/sum-of-squares-overflow/linear" },
    { tensor: "outputSumOfSquares", timestep: 0, layer: null, value: "Infinity" },
  ],
  [
    "a gradient",
    steepCase({}, 1e19),
    { signature: "backward/backward-overflow/linear" },
    { tensor: "kernelGradient", timestep: null, layer: 0, row: 0, unit: 1 },
  ],
  [
    "the norm that is clipped by",
    steepCase({ optimizer: { ...adam, clip: { kind: "globalNorm", limit: 1 } } }),
    { signature: "clip/non-finite-clip-norm/linear", operation: "clipping by a norm of inf" },
    { tensor: "gradientNorm", layer: null },
  ],
  [
    "Adam's second moment, tf1",
    steepCase(),
    { signature: "update/second-moment-overflow/linear", operation: "overflow", firstNaN: null },
    { tensor: "kernelSecondMoment", layer: 0, row: 0, unit: 1 },
  ],
  [
    "Adam's second moment, tfjs",
    steepCase({ optimizer: { ...adam, form: "tfjs" } }),
    { signature: "update/second-moment-overflow/linear", firstNaN: null },
    { tensor: "kernelSecondMoment", layer: 0 },
  ],
  [
    "an update",
    steepCase({ optimizer: sgd }),
    { signature: "update/update-overflow/linear" },
    { tensor: "updatedKernel", layer: 0, unit: 1 },
  ],
  [
    "division by the norm of a zero output, naive",
    outputs([0, 0], normalised({ kind: "naive" }), "relu"),
    { signature: "normalise/zero-norm-division/relu", operation: "0 / 0" },
    { tensor: "normalisedOutput", value: "NaN" },
  ],
  [
    "the same beside a target whose squares overflow without harm",
    {
      ...outputs([0, 0], normalised({ kind: "naive" }), "relu"),
      data: { kind: "explicit", batches: [{ time: 1, lengths: [1], x: [[[1]]], y: [[[1e20, 1]]] }] },
    },
    { signature: "normalise/zero-norm-division/relu" },
    { tensor: "normalisedOutput", value: "NaN" },
  ],
  [
    "division by a norm whose squares underflow, naive",
    outputs([1e-30, 1e-30], normalised({ kind: "naive" })),
    { signature: "normalise/zero-norm-division/linear" },
    { tensor: "normalisedOutput", value: "Infinity" },
  ],
  [
    "the gradient of the norm of a zero output, epsilon",
    outputs([0, 0], normalised({ kind: "epsilon", epsilon: 1e-6 }), "relu"),
    { signature: "backward/zero-norm-division/relu", operation: "0 / 0" },
    { tensor: "outputGradient", value: "NaN", timestep: 0 },
  ],
  [
    "the regulariser",
    oneUnit({
      ...given,
      kernel: [
        [0, 0, 0, 1e20],
        [0, 0, 0, 0],
      ],
      x: [[[0]]],
      differs: { loss: { ...loss, l2: 0.1 }, optimizer: sgd },
    }),
    { signature: "normalise/regulariser-overflow/tanh" },
    { tensor: "regulariser", timestep: null },
  ],
  [
    "an update of 0 / 0",
    oneUnit({ ...given, x: [[[1]]], y: [[[0]]], differs: { optimizer: { ...adam, epsilon: 0 } } }),
    { signature: "update/zero-over-zero/tanh", operation: "0 / 0" },
    { tensor: "updatedKernel", layer: 0, row: 0, unit: 0, value: "NaN" },
  ],
  [
    "an input past its row's end, beside a longer row",
    oneUnit({
      ...given,
      x: [
        [[1], ["NaN"]],
        [[1], [1]],
      ],
      lengths: [1, 2],
    }),
    { signature: "forward/non-finite-padding/tanh" },
    { tensor: "input", timestep: 1, row: 0, value: "NaN" },
  ],
  [
    "a target past its row's end",
    oneUnit({ ...given, x: [[[1], [0]]], y: [[[1], ["Infinity"]]], lengths: [1] }),
    { signature: "normalise/non-finite-padding/tanh" },
    { tensor: "target", timestep: 1, row: 0, value: "Infinity" },
  ],
  [
    "an input",
    oneUnit({ ...given, x: [[[1], ["NaN"]]] }),
    { signature: "forward/non-finite-input/tanh" },
    { tensor: "input", timestep: 1, value: "NaN" },
  ],
  [
    "a target",
    oneUnit({ ...given, x: [[[1]]], y: [[["Infinity"]]] }),
    { signature: "normalise/non-finite-target/tanh" },
    { tensor: "target", value: "Infinity" },
  ],
  [
    "a weight",
    oneUnit({
      ...given,
      bias: [0, 0, 0, Number.NaN].map((v) => (Number.isNaN(v) ? "NaN" : v)) as number[],
      x: [[[1]]],
    }),
    { signature: "forward/non-finite-weight/tanh", operation: "none: it was given" },
    { tensor: "bias", layer: 0, unit: 3, timestep: null },
  ],
];
