import type { StepRecord } from "../../../../stepRecord.ts";
import type { TrainingCase } from "../../../cases/schema.ts";
import { type Diagnosis, diagnose } from "../../../diagnosis/diagnosis.ts";
import type { Engine } from "../../engine.ts";
import { growingUnit, growingWeights, OPEN, opened, smallCase } from "./smallCase.ts";

const { optimizer: published, loss: publishedLoss } = smallCase();
/** The published loss. */
export const loss = publishedLoss;
/** Its Adam. */
export const adam = published as Extract<TrainingCase["optimizer"], { kind: "adam" }>;
/** With a rate that makes an overflow of any large gradient. */
export const sgd = { kind: "sgd", learningRate: 1e20, clip: { kind: "none" }, skipNonFinite: false } as const;
/** A list of `count` zeros. */
export const zeros = (count: number) => new Array<number>(count).fill(0);
/** One step: its record, and the diagnosis of its trace. */
export function examine(
  engine: Engine,
  testCase: TrainingCase,
): { record: StepRecord; diagnosis: Diagnosis | null } {
  const { case: checked, state, batch } = opened(testCase);
  const training = engine.start(checked, state);
  try {
    const diagnosis = diagnose(checked, batch, training.trace(batch));
    return { diagnosis, record: training.step(batch) };
  } finally {
    training.dispose();
  }
}

/** A relu unit whose cell grows 1e10 times a timestep: Infinity at timestep 4. */
export const growing = (timesteps: number) =>
  growingUnit([[[1], ...zeros(timesteps - 1).map((zero) => [zero])]]);

/** The growing unit below, and what `layers` says above or beside it. */
export function withLayers(
  layers: TrainingCase["model"]["layers"],
  weights: { kernel: number[][]; bias: number[] }[],
  timesteps: number,
  x = [1, ...zeros(timesteps - 1)],
) {
  const base = growing(timesteps);
  const batch = { time: timesteps, lengths: [timesteps], x: [x.map((value) => [value])] };
  const width = layers.at(-1)?.units ?? 1;
  const y = [zeros(timesteps).map(() => zeros(width).map(() => 1))];
  return {
    ...base,
    model: { inputs: 1, layers, forgetBias: 0 },
    init: { kind: "explicit" as const, step: 0, weights },
    data: { kind: "explicit" as const, batches: [{ ...batch, y }] },
  };
}

/** Unit 1 has its input gate closed and a candidate that grows with unit 0. */
export const closedGate = withLayers(
  [{ units: 2, activation: "relu" }],
  [
    {
      kernel: [[0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 1e10, 1e10, 0, 0, 0, 0], zeros(8)],
      bias: [OPEN, -OPEN, 0, 0, OPEN, OPEN, OPEN, OPEN],
    },
  ],
  5,
);
/** The growing unit overflows at the last timestep, below a tanh layer that saturates. */
export const saturated = withLayers(
  [
    { units: 1, activation: "relu" },
    { units: 2, activation: "tanh" },
  ],
  [
    growingWeights,
    {
      kernel: [[1, 1, 1, 1, 1, 1, 1, 1].map((v) => 0.5 * v), zeros(8), zeros(8)],
      bias: [0, 0, 0, 1, 0, 0, 0, 0],
    },
  ],
  5,
);

/** A gate's bias alone makes the outputs; [i i, j j, f f, o o]. */
export const outputs = (
  values: [number, number],
  differs: Partial<TrainingCase>,
  activation: "linear" | "relu" = "linear",
) =>
  smallCase({
    model: { inputs: 1, layers: [{ units: 2, activation }], forgetBias: 0 },
    init: {
      kind: "explicit",
      step: 0,
      weights: [{ kernel: [zeros(8), zeros(8), zeros(8)], bias: [OPEN, OPEN, ...values, 0, 0, OPEN, OPEN] }],
    },
    data: { kind: "explicit", batches: [{ time: 1, lengths: [1], x: [[[1]]], y: [[[1, 1]]] }] },
    steps: 1,
    ...differs,
  });
/** The published loss with another normalisation. */
export const normalised = (normalise: TrainingCase["loss"]["normalise"]) => ({
  loss: { ...loss, normalise },
});
/** A tanh unit that takes its input in and nothing back. */
export const given = {
  activation: "tanh" as const,
  kernel: [
    [0, 1, 0, 0],
    [0, 0, 0, 0],
  ] as [number[], number[]],
  bias: [0, 0, 0, 0],
};
