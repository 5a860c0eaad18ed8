import type { CapturedStep } from "../../../cases/capturedStep.ts";
import { openData } from "../../../cases/data.ts";
import { presets } from "../../../cases/presets.ts";
import type { TrainingCase } from "../../../cases/schema.ts";
import { initialState } from "../../../cases/state.ts";
import { dataOf, row } from "../../../cases/testing/syntheticRows.ts";
import { trainingCaseSchema } from "../../../cases/trainingCase.ts";

type Synthetic = Extract<TrainingCase["data"], { kind: "synthetic" }>;
type Explicit = Extract<TrainingCase["data"], { kind: "explicit" }>;

/** The published program at two layers of three units on one synthetic batch, and whatever is to differ. */
export function smallCase(differs: Partial<TrainingCase> = {}): TrainingCase {
  return {
    ...presets.published,
    model: {
      inputs: 2,
      layers: [
        { units: 3, activation: "relu" },
        { units: 3, activation: "tanh" },
      ],
      forgetBias: 1,
    },
    data: synthetic([4, 2, 3], 4),
    steps: 3,
    ...differs,
  };
}

/** Rows of these lengths, padded after, without holes. */
export function synthetic(lengths: number[], time: number): Synthetic {
  return dataOf([{ time, rows: lengths.map((length) => row(length)) }], { seed: "7" });
}

/** The first step of a case, which is checked against the schema. */
export function opened(testCase: TrainingCase): CapturedStep {
  const checked = trainingCaseSchema.parse(testCase);
  return { case: checked, state: initialState(checked), batch: openData(checked, { folder: "." }).batch(0) };
}

/**
 * One layer of one unit and one input, written out. A gate row is [i, j, f, o]; a bias of
 * {@link OPEN} opens a gate.
 */
export function oneUnit(planted: {
  activation: TrainingCase["model"]["layers"][number]["activation"];
  /** Weights of the input and of the fed-back hidden unit. */
  kernel: [number[], number[]];
  bias: number[];
  x: Explicit["batches"][number]["x"];
  y?: Explicit["batches"][number]["y"];
  lengths?: number[];
  differs?: Partial<TrainingCase>;
}): TrainingCase {
  const rows = planted.x as unknown[][];
  const time = rows[0]?.length ?? 0;
  return smallCase({
    model: { inputs: 1, layers: [{ units: 1, activation: planted.activation }], forgetBias: 0 },
    init: { kind: "explicit", step: 0, weights: [{ kernel: planted.kernel, bias: planted.bias }] },
    data: {
      kind: "explicit",
      batches: [
        {
          time,
          lengths: planted.lengths ?? rows.map(() => time),
          x: planted.x,
          y: planted.y ?? rows.map((row) => row.map(() => [1])),
        },
      ],
    },
    steps: 1,
    ...planted.differs,
  });
}

/**
 * Two linear layers, the upper one with a weight of 1e21 on a hidden value of about 1e-21: outputs
 * near 1, and a finite gradient near 1e20 in the lower layer, whose square is no float32.
 */
export function steepCase(
  differs: Partial<TrainingCase> = {},
  input: number | "NaN" | "Infinity" = 1,
): TrainingCase {
  return smallCase({
    model: {
      inputs: 1,
      layers: [
        { units: 1, activation: "linear" },
        { units: 2, activation: "linear" },
      ],
      forgetBias: 1,
    },
    init: {
      kind: "explicit",
      step: 0,
      weights: [
        {
          kernel: [
            [0, 0, 0, 0],
            [0, 0, 0, 0],
          ],
          bias: [0, 4e-21, 0, 0],
        },
        {
          kernel: [
            [0, 0, 1e21, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 0, 0],
          ],
          bias: [0, 0, 0, 1, 0, 0, 0, 0],
        },
      ],
    },
    data: { kind: "explicit", batches: [{ time: 1, lengths: [1], x: [[[input]]], y: [[[1, 3]]] }] },
    loss: { kind: "cosine", axis: "embedding", normalise: { kind: "tensorflow" }, padding: "counted", l2: 0 },
    steps: 2,
    ...differs,
  });
}

/** A bias that opens a gate, and with a minus closes it: a float32 sigmoid of exactly 1 or 0. */
export const OPEN = 200;
/** The weights of a unit that gives its cell back 1e10 times as large. */
export const growingWeights: { kernel: [number[], number[]]; bias: number[] } = {
  kernel: [
    [0, 1, 0, 0],
    [0, 1e10, 0, 0],
  ],
  bias: [OPEN, 0, OPEN, OPEN],
};

/**
 * A relu unit whose cell grows 1e10 times a timestep from an input of 1, and overflows at the fifth; inputs of 0
 * leave it at rest.
 */
export function growingUnit(
  x: Explicit["batches"][number]["x"] = [[[1], [0], [0], [0], [0], [0]]],
  lengths?: number[],
): TrainingCase {
  return oneUnit({ activation: "relu", ...growingWeights, x, ...(lengths && { lengths }) });
}
