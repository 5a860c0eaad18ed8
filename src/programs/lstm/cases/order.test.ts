import { describe, expect, it } from "vitest";
import { compareCases, orderedCase } from "./order.ts";
import { presets } from "./presets.ts";
import type { TrainingCase } from "./schema.ts";
import { dataOf, row } from "./testing/syntheticRows.ts";

const relu = { units: 2, activation: "relu" } as const;
const tanh = { units: 2, activation: "tanh" } as const;
const base: TrainingCase = {
  ...presets.published,
  model: { inputs: 2, layers: [relu], forgetBias: 1 },
  data: dataOf([{ time: 4, rows: [row(4)] }]),
  steps: 3,
};
const { optimizer } = base;
const rate = (learningRate: number): TrainingCase => ({ ...base, optimizer: { ...optimizer, learningRate } });
const model = (differs: Partial<TrainingCase["model"]>): TrainingCase => ({
  ...base,
  model: { ...base.model, ...differs },
});

/** One linear unit, no input: its kernel's row for the hidden unit, and its bias. */
const written = (hidden: number[], bias: number[], x = 0, moments = false): TrainingCase => {
  const weights = [{ kernel: [[0, 0, 0, 0], hidden], bias }];
  return {
    ...base,
    model: { inputs: 1, layers: [{ units: 1, activation: "relu" }], forgetBias: 1 },
    init: {
      kind: "explicit",
      step: 0,
      weights,
      ...(moments && { firstMoment: weights, secondMoment: weights }),
    },
    data: { kind: "explicit", batches: [{ time: 1, lengths: [1], x: [[[x]]], y: [[[0]]] }] },
    steps: 1,
  };
};

const text = (sentences: number, vocabulary: number): TrainingCase => ({
  ...base,
  data: {
    ...(presets.published.data as Extract<TrainingCase["data"], { kind: "text" }>),
    sentences,
    vocabulary,
  },
});

/** The simpler one first; each pair differs in the key named, and the later keys speak for the other where they can. */
const pairs: [string, TrainingCase, TrainingCase][] = [
  [
    "layers, before units",
    model({ layers: [{ units: 9, activation: "sigmoid" }] }),
    model({ layers: [relu, relu] }),
  ],
  [
    "units, before rows",
    { ...base, data: dataOf([{ time: 4, rows: [row(4), row(4)] }]) },
    model({ layers: [{ ...relu, units: 3 }] }),
  ],
  [
    "rows, before timesteps",
    { ...base, data: dataOf([{ time: 9, rows: [row(4)] }]) },
    { ...base, data: dataOf([{ time: 4, rows: [row(4), row(4)] }]) },
  ],
  [
    "timesteps, before steps",
    { ...base, steps: 9 },
    { ...base, data: dataOf([{ time: 5, rows: [row(5)] }]) },
  ],
  [
    "steps, before batches",
    {
      ...base,
      data: dataOf([
        { time: 4, rows: [row(4)] },
        { time: 4, rows: [row(4)] },
      ]),
    },
    { ...base, steps: 4 },
  ],
  [
    "batches, before inputs",
    model({ inputs: 5 }),
    {
      ...base,
      data: dataOf([
        { time: 4, rows: [row(4)] },
        { time: 4, rows: [row(4)] },
      ]),
    },
  ],
  ["inputs", base, model({ inputs: 3 })],
  [
    "numbers that are not 0, before digits",
    written([0, 5.03, 0, 0], [0, 0, 0, 0]),
    written([0, 1, 1, 0], [0, 0, 0, 0]),
  ],
  ["numbers written out", written([0, 0, 0, 0], [0, 0, 0, 0]), written([0, 0, 0, 0], [0, 0, 0, 0], 0, true)],
  ["digits, before magnitude", written([0, 5, 0, 0], [0, 1, 0, 0]), written([0, 4.1, 0, 0], [0, 1, 0, 0])],
  ["a 1 before a -1", written([0, 1, 0, 0], [0, 0, 0, 0]), written([0, -1, 0, 0], [0, 0, 0, 0])],
  ["magnitudes", written([0, 4, 0, 0], [0, 0, 0, 0]), written([0, -5, 0, 0], [0, 0, 0, 0])],
  [
    "the sign, where magnitudes tie",
    written([0, 4, 0, 0], [0, 0, 0, 0]),
    written([0, -4, 0, 0], [0, 0, 0, 0]),
  ],
  ["even rows, before settings", rate(0.123), { ...base, data: dataOf([{ time: 4, rows: [row(3)] }]) }],
  ["rows without holes", base, { ...base, data: dataOf([{ time: 4, rows: [row(4, { holes: [2] })] }]) }],
  [
    "targets that are not 0",
    base,
    { ...base, data: dataOf([{ time: 4, rows: [row(4, { zeroTargets: [2] })] }]) },
  ],
  ["padding after", base, { ...base, data: dataOf([{ time: 4, rows: [row(4, { padding: "before" })] }]) }],
  ["fewer digits of a rate, before its size", rate(0.3), rate(0.11)],
  ["a rate nearer to 1", rate(0.1), rate(0.001)],
  ["a smaller rate of the same decade", rate(0.1), rate(0.3)],
  ["fewer digits of the forget bias", model({ forgetBias: 2 }), model({ forgetBias: 1.5 })],
  ["activations, before the size of a text", model({ layers: [tanh] }), base],
  ["fewer sentences, before fewer words", text(10, 900), text(11, 20)],
  ["fewer words", text(10, 20), text(10, 21)],
  ["the shorter JSON", base, { ...base, data: dataOf([{ time: 4, rows: [row(4)] }], { seed: "10" }) }],
  [
    "the JSON that sorts first",
    base,
    { ...base, data: dataOf([{ time: 4, rows: [row(4)] }], { seed: "2" }) },
  ],
];

const compare = (a: TrainingCase, b: TrainingCase) => compareCases(orderedCase(a), orderedCase(b));

describe("the order of cases", () => {
  it.each(pairs)("goes by %s", (_, simpler, other) => {
    expect(compare(simpler, other)).toBeLessThan(0);
    expect(compare(other, simpler)).toBeGreaterThan(0);
  });

  const cases = pairs.flatMap(([, simpler, other]) => [simpler, other]);

  it("ties only where two cases are the same", () => {
    for (const a of cases)
      for (const b of cases) expect(compare(a, b) === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
  });

  it("is one order: whatever comes in, the same comes out", () => {
    const sorted = (start: number) =>
      cases.map((_, i) => cases[(start + 7 * i) % cases.length] as TrainingCase).sort(compare);
    const first = sorted(0).map((each) => JSON.stringify(each));
    for (const start of [1, 5, 17]) expect(sorted(start).map((each) => JSON.stringify(each))).toEqual(first);
    const order = sorted(0);
    for (let i = 0; i < order.length; i += 3)
      for (const later of order.slice(i))
        expect(compare(order[i] as TrainingCase, later)).toBeLessThanOrEqual(0);
  });

  it("reads no number where sizes decide", () => {
    const never = (): never => {
      throw new Error("the numbers were read");
    };
    const [small, large] = [model({ layers: [relu] }), model({ layers: [relu, relu] })];
    expect(compareCases({ case: small, numbers: never }, { case: large, numbers: never })).toBeLessThan(0);
  });
});
