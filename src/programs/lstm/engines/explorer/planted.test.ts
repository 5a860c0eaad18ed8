import { describe, expect, it } from "vitest";
import { isFatal } from "../../../stepRecord.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import type { TrainingState } from "../../cases/state.ts";
import { nonFiniteSites, type Site } from "../../diagnosis/site.ts";
import type { TensorName } from "../../diagnosis/trace.ts";
import { planted } from "../tfjs/testing/planted.ts";
import { examine, given, loss, normalised, outputs, sgd, zeros } from "../tfjs/testing/plantedCases.ts";
import { OPEN, oneUnit, opened, smallCase, steepCase } from "../tfjs/testing/smallCase.ts";
import { explorerEngine } from "./engine.ts";

const engine = explorerEngine();

describe("a death planted on the explorer, as on tfjs", () => {
  it.each(planted)("by %s is named", (_, testCase, expected, site) => {
    const { record, diagnosis } = examine(engine, testCase);
    expect(isFatal(record)).toBe(true);
    expect(diagnosis).toMatchObject({ ...expected, site });
  });
});

/**
 * A lower layer whose unit puts out 0 and a top layer that puts out (0, output), 2 output, ...: the
 * gradient of the lower unit is `weight` times one of about 0.3 / output, with a forward pass that sees
 * nothing of either.
 */
function below(
  { weight, output, rows = 1, time = 1 }: { weight: number; output: number; rows?: number; time?: number },
  optimizer?: TrainingCase["optimizer"],
): TrainingCase {
  const list = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
  return smallCase({
    model: {
      inputs: 1,
      layers: [
        { units: 1, activation: "linear" },
        { units: 2, activation: "linear" },
      ],
      forgetBias: 0,
    },
    init: {
      kind: "explicit",
      step: 0,
      weights: [
        { kernel: [zeros(4), zeros(4)], bias: [OPEN, 0, OPEN, OPEN] },
        {
          kernel: [[0, 0, weight, 0, 0, 0, 0, 0], zeros(8), zeros(8)],
          bias: [OPEN, OPEN, 0, output, OPEN, OPEN, OPEN, OPEN],
        },
      ],
    },
    data: {
      kind: "explicit",
      batches: [
        {
          time,
          lengths: list(rows, time),
          x: list(rows, list(time, [0])),
          y: list(rows, list(time, [1, 3])),
        },
      ],
    },
    loss: { kind: "cosine", axis: "embedding", normalise: { kind: "tensorflow" }, padding: "counted", l2: 0 },
    steps: 1,
    ...(optimizer ? { optimizer } : {}),
  });
}

const withTarget = (testCase: TrainingCase, y: number[]): TrainingCase => ({
  ...testCase,
  data: { kind: "explicit", batches: [{ time: 1, lengths: [1], x: [[[1]]], y: [[y]] }] },
});

/** An input gate of 1e-44 on candidates of 1e38: outputs of 1e-6, and a gate gradient that overflows. */
const hairline = smallCase({
  model: { inputs: 1, layers: [{ units: 2, activation: "linear" }], forgetBias: 0 },
  init: {
    kind: "explicit",
    step: 0,
    weights: [{ kernel: [zeros(8), zeros(8), zeros(8)], bias: [-101, -101, 1e38, 5e37, 0, 0, OPEN, OPEN] }],
  },
  data: { kind: "explicit", batches: [{ time: 1, lengths: [1], x: [[[1]]], y: [[[1, 1]]] }] },
  steps: 1,
});

type Change = (state: TrainingState) => void;
const moment =
  (which: "firstMoment" | "secondMoment", part: "kernel" | "bias"): Change =>
  (state) => {
    const values = state[which][0]?.[part];
    if (values) values[1] = Number.POSITIVE_INFINITY;
  };
const none: Change = () => undefined;
const update = { phase: "update", timestep: null, layer: 0, row: 0, unit: 1 } as const;

/** Each tensor of a trace with a case in which it holds the first value that is not finite. */
const places: [TensorName, TrainingCase, Change, Partial<Site>][] = [
  [
    "kernel",
    smallCase(),
    ({ weights }) => weights[1]?.kernel.fill(Infinity, 12 * 2 + 5, 12 * 2 + 6),
    { phase: "forward", timestep: null, layer: 1, row: 2, unit: 5 },
  ],
  [
    "bias",
    smallCase(),
    ({ weights }) => weights[1]?.bias.fill(Infinity, 7, 8),
    { phase: "forward", timestep: null, layer: 1, row: 0, unit: 7 },
  ],
  [
    "input",
    oneUnit({ ...given, x: [[[1], ["Infinity"]]] }),
    none,
    { phase: "forward", timestep: 1, layer: 0, row: 0, unit: 0 },
  ],
  [
    "preActivation",
    oneUnit({ ...given, activation: "relu", kernel: [[0, 3e38, 0, 0], zeros(4)], x: [[[1]], [[9]]] }),
    none,
    { phase: "forward", timestep: 0, layer: 0, row: 1, unit: 1 },
  ],
  [
    "cell",
    oneUnit({
      activation: "linear",
      kernel: [zeros(4), zeros(4)],
      bias: [OPEN, 2e38, OPEN, OPEN],
      x: [[[1], [1]]],
    }),
    none,
    { phase: "forward", timestep: 1, layer: 0, row: 0, unit: 0 },
  ],
  [
    "target",
    oneUnit({ ...given, x: [[[1], [1]]], y: [[[1], ["Infinity"]]] }),
    none,
    { phase: "normalise", timestep: 1, layer: null, row: 0, unit: 0 },
  ],
  [
    "targetSumOfSquares",
    withTarget(outputs([1, 1], {}), [1e20, 1]),
    none,
    { phase: "normalise", timestep: 0, layer: null, row: 0, unit: 0 },
  ],
  [
    "outputSumOfSquares",
    outputs([3e38, 3e38], {}),
    none,
    { phase: "normalise", timestep: 0, row: 0, unit: 0 },
  ],
  [
    "normalisedTarget",
    withTarget(outputs([1, 1], normalised({ kind: "naive" })), [0, 0]),
    none,
    { phase: "normalise", timestep: 0, row: 0, unit: 0 },
  ],
  [
    "normalisedOutput",
    outputs([0, 0], normalised({ kind: "naive" })),
    none,
    { phase: "normalise", timestep: 0, row: 0, unit: 0 },
  ],
  [
    "regulariser",
    oneUnit({
      ...given,
      kernel: [[0, 0, 0, 1e20], zeros(4)],
      x: [[[0]]],
      differs: { loss: { ...loss, l2: 0.1 } },
    }),
    none,
    { phase: "normalise", timestep: null, layer: null },
  ],
  [
    "outputGradient",
    outputs([0, 0], normalised({ kind: "epsilon", epsilon: 1e-6 })),
    none,
    { phase: "backward", timestep: 0, layer: null, row: 0, unit: 0 },
  ],
  [
    "hiddenGradient",
    below({ weight: 3e38, output: 1e-3 }),
    none,
    { phase: "backward", timestep: 0, layer: 0, row: 0, unit: 0 },
  ],
  [
    "cellGradient",
    below({ weight: 1.265e37, output: 1e-2, time: 2 }),
    none,
    { phase: "backward", timestep: 0, layer: 0, row: 0, unit: 0 },
  ],
  ["preActivationGradient", hairline, none, { phase: "backward", timestep: 0, layer: 0, row: 0, unit: 0 }],
  [
    "kernelGradient",
    steepCase({}, 1e19),
    none,
    { phase: "backward", timestep: null, layer: 0, row: 0, unit: 1 },
  ],
  [
    "biasGradient",
    below({ weight: 1.265e37, output: 1e-2, rows: 2 }),
    none,
    { phase: "backward", timestep: null, layer: 0, row: 0, unit: 1 },
  ],
  [
    "gradientNorm",
    below({ weight: 1e28, output: 1e-2 }, { ...sgd, clip: { kind: "globalNorm", limit: 1 } }),
    none,
    { phase: "clip", timestep: null, layer: null },
  ],
  ["kernelFirstMoment", smallCase(), moment("firstMoment", "kernel"), update],
  ["biasFirstMoment", smallCase(), moment("firstMoment", "bias"), update],
  ["kernelSecondMoment", smallCase(), moment("secondMoment", "kernel"), update],
  ["biasSecondMoment", smallCase(), moment("secondMoment", "bias"), update],
  ["updatedKernel", steepCase({ optimizer: sgd }), none, update],
  ["updatedBias", below({ weight: 1e28, output: 1e-2 }, sgd), none, update],
];

/**
 * Tensors that never hold the first: a hidden value is a gate times a cell before it; the loss a sum of what comes
 * before it; a clipped gradient is finite where the gradient and its norm are.
 */
const FOLLOWERS: TensorName[] = ["hidden", "loss", "clippedKernelGradient", "clippedBiasGradient"];

describe("the first value that is not finite", () => {
  it.each(places)(
    "in %s is found there, and the step itself has noticed it",
    (tensor, testCase, change, site) => {
      const small = opened(testCase);
      change(small.state);
      const run = engine.start(small.case, small.state);
      try {
        expect(firstOf(run.trace(small.batch))).toMatchObject({ ...site, tensor });
        const { finite } = run.step(small.batch);
        const harmless = tensor === "targetSumOfSquares" || tensor === "outputSumOfSquares";
        expect(Object.values(finite).every(Boolean)).toBe(harmless && tensor === "targetSumOfSquares");
      } finally {
        run.dispose();
      }
    },
  );

  it("has a case for every tensor but those that only follow", () => {
    const names = [...places.map(([name]) => name), ...FOLLOWERS];
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBe(28);
  });
});

function firstOf(trace: ReturnType<ReturnType<typeof engine.start>["trace"]>): Site | undefined {
  for (const group of trace) for (const site of nonFiniteSites(group)) return site;
  return undefined;
}
