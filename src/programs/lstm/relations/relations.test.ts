import { describe, expect, it } from "vitest";
import type { Batch } from "../cases/batch.ts";
import { presets } from "../cases/presets.ts";
import type { LossSpec, TrainingCase } from "../cases/schema.ts";
import { row } from "../cases/testing/syntheticRows.ts";
import type { Engine, Training } from "../engines/engine.ts";
import { openEngine } from "../engines/open.ts";
import { enginesAgree } from "./enginesAgree.ts";
import type { Relation } from "./relation.ts";
import { rowOrder } from "./rowOrder.ts";
import { digestOf } from "./sameBits.ts";
import { sharedStep } from "./sharedStep.ts";
import { paddingRow, trailingColumns } from "./trailingPadding.ts";

const explorer = await openEngine("explorer");
const testCase: TrainingCase = {
  ...presets.hardened,
  model: {
    ...presets.hardened.model,
    inputs: 3,
    layers: [
      { units: 3, activation: "relu" },
      { units: 4, activation: "tanh" },
    ],
  },
  data: {
    kind: "synthetic",
    seed: "7",
    inputScale: 1,
    masked: true,
    batches: [{ time: 6, rows: [row(6), row(4), row(0), row(5)] }],
  },
  steps: 9,
};
const counted: TrainingCase = { ...testCase, loss: { ...testCase.loss, padding: "counted" } };

/** The engine with one of its runs' methods changed. */
function changed(change: (training: Training) => Partial<Training>): Engine {
  return {
    ...explorer,
    start: (...given) => {
      const training = explorer.start(...given);
      const differs = change(training);
      return new Proxy(training, {
        get: (target, name) => {
          const value = Reflect.get(differs, name) ?? Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
}
/** Sees the first row only where there are as many as in the case. */
const countsRows = changed((training) => ({
  gradients: (batch: Batch) =>
    training.gradients(batch).map((layer) => ({ ...layer, bias: layer.bias.map((b) => b * batch.rows) })),
}));
const seesOrder = changed((training) => ({
  gradients: (batch: Batch) =>
    training
      .gradients(batch)
      .map((layer) => ({ ...layer, bias: layer.bias.map((b) => b + (batch.lengths[0] ?? 0)) })),
}));
const seesWidth = changed((training) => ({
  gradients: (batch: Batch) =>
    training.gradients(batch).map((layer) => ({ ...layer, kernel: layer.kernel.map((k) => k * batch.time) })),
}));

describe.each<[Relation, Engine]>([
  [trailingColumns, seesWidth],
  [paddingRow, countsRows],
  [rowOrder, seesOrder],
])("$name", (relation, wrong) => {
  it.each([0, 3])("holds of the hardened preset after %i steps", (taken) => {
    expect(relation.check(explorer, sharedStep(explorer, testCase, taken))).toEqual({ status: "holds" });
  });

  it("is violated by an engine that gets it wrong", () => {
    expect(relation.check(wrong, sharedStep(explorer, testCase, 3))).toMatchObject({ status: "violated" });
  });
});

describe("padding that counts in the mean", () => {
  const step = sharedStep(explorer, counted, 0);

  it("moves the loss with every row of it", () => {
    expect(paddingRow.check(explorer, step)).toMatchObject({
      status: "violated",
      quantity: "cosine distance",
    });
  });

  it("and with every column", () => {
    expect(trailingColumns.check(explorer, step)).toMatchObject({
      status: "violated",
      quantity: "cosine distance",
    });
  });
});

describe("two engines", () => {
  it("that compute the same agree", async () => {
    const tfjs = await openEngine("tfjs-cpu");
    expect(enginesAgree(tfjs).check(explorer, sharedStep(explorer, testCase, 3))).toEqual({
      status: "holds",
    });
  });

  it("of which one computes another loss do not", () => {
    const loss: LossSpec = { ...testCase.loss, normalise: { kind: "epsilon", epsilon: 0.01 } };
    const other: Engine = { ...explorer, start: (given, state) => explorer.start({ ...given, loss }, state) };
    expect(enginesAgree(other).check(explorer, sharedStep(explorer, testCase, 3))).toMatchObject({
      status: "violated",
      quantity: "cosine distance",
    });
  });

  it("of which one alone dies do not", () => {
    const dies = changed((training) => ({
      step: (batch: Batch) => {
        const record = training.step(batch);
        return { ...record, finite: { ...record.finite, loss: false } };
      },
    }));
    expect(enginesAgree(dies).check(explorer, sharedStep(explorer, testCase, 0))).toMatchObject({
      status: "violated",
      quantity: "finite",
    });
  });
});

describe("a gradient of the cosine of single numbers, which is rounding alone", () => {
  const along = (axis: "time" | "embedding", lengths: number[], units: number): TrainingCase => ({
    ...testCase,
    model: { ...testCase.model, layers: [{ units, activation: "relu" }] },
    loss: { ...testCase.loss, axis },
    data: {
      ...testCase.data,
      batches: [{ time: 6, rows: lengths.map((length) => row(length)) }],
    } as TrainingCase["data"],
  });
  const other = enginesAgree(seesWidth);

  it.each([
    ["the embedding has one unit", along("embedding", [6, 4], 1)],
    ["no row has more than one timestep", along("time", [1, 0, 1], 4)],
  ])("is not compared: %s", (_, single) => {
    expect(other.check(explorer, sharedStep(explorer, single, 2))).toEqual({ status: "holds" });
  });

  it.each([
    ["two units", along("embedding", [6, 4], 2)],
    ["two timesteps", along("time", [1, 2], 4)],
  ])("is with %s", (_, several) => {
    expect(other.check(explorer, sharedStep(explorer, several, 2))).toMatchObject({
      status: "violated",
      quantity: "gradient",
    });
  });
});

describe("a step that is not finite", () => {
  it("says nothing", () => {
    const state = sharedStep(explorer, testCase, 0);
    state.state.weights[0]?.kernel.fill(Number.NaN);
    expect(rowOrder.check(explorer, state)).toMatchObject({ status: "inconclusive" });
  });
});

it("a run's digest is the same each time, and another one's where one number differs", () => {
  expect(digestOf(explorer, testCase)).toBe(digestOf(explorer, testCase));
  const seed = { ...testCase, init: { kind: "glorot", seed: "2", scale: 1 } } as const;
  expect(digestOf(explorer, seed)).not.toBe(digestOf(explorer, testCase));
});
