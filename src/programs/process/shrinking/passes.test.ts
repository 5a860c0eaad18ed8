import { describe, expect, it } from "vitest";
import type { Dtype, StoredTensor } from "../../../documents/safetensors.ts";
import type { Pass } from "../../pass.ts";
import type { ProgramDiagnosis } from "../diagnosis.ts";
import { type ProgramStep, stepBytes, stepOf } from "../step.ts";
import { axes, sharedLength, shortenedTo } from "./axes.ts";
import { numbersOf } from "./numbers.ts";
import { compareSteps, stepSize } from "./order.ts";
import { stepShrinking } from "./stepShrinking.ts";

const ZERO_BYTES: Readonly<Record<Dtype, number>> = {
  F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, U64: 8, I32: 4, U32: 4, I16: 2, U16: 2, I8: 1, U8: 1, BOOL: 1,
}; // biome-ignore format: a table

function tensor(shape: number[], values: readonly number[], dtype: Dtype = "F32"): StoredTensor {
  const empty = { dtype, shape, bytes: new Uint8Array(values.length * ZERO_BYTES[dtype]) };
  return numbersOf(empty).with(new Map(values.map((value, i) => [i, value])));
}

const valuesOf = (one: StoredTensor | undefined) => {
  if (one === undefined) throw new Error("no such tensor");
  const numbers = numbersOf(one);
  return Array.from({ length: numbers.length }, (_, i) => numbers.at(i));
};

function stepWith(
  batch: Record<string, StoredTensor>,
  state: Record<string, StoredTensor> = {},
): ProgramStep {
  return {
    case: { schemaVersion: 1, knobs: {}, seed: 1, steps: 3, cutOutAt: 2 },
    state: { tensors: new Map(Object.entries(state)), metadata: {} },
    batch: { tensors: new Map(Object.entries(batch)), metadata: {} },
  };
}

const death = { signature: "forward/log-of-zero/Log", mechanism: "log-of-zero", site: null, because: "" };

/** Makes a step as small as it goes while it dies, pass after pass, as the search does. */
function shrunk(
  start: ProgramStep,
  dies: (step: ProgramStep) => boolean,
  passes: readonly Pass<ProgramStep, ProgramDiagnosis>[],
) {
  let [step, tried] = [start, 0];
  for (;;) {
    const before = step;
    for (const pass of passes) {
      const stream = pass.candidates({ step, death }, null);
      for (let next = stream.next(); !next.done; ) {
        tried += 1;
        const isBetter = compareSteps(next.value, step) < 0 && dies(next.value);
        if (isBetter) step = next.value;
        next = stream.next(isBetter ? { step, death } : null);
      }
    }
    if (step === before) return { step, tried };
  }
}

describe("numbers of every kind", () => {
  it.each([
    ["F64", [0, -1.5, 1e300]],
    ["F32", [0, -1.5, Number.POSITIVE_INFINITY]],
    ["F16", [0, -1.5, 65504, 2 ** -24, Number.POSITIVE_INFINITY, 0.333251953125]],
    ["BF16", [0, -1.5, 2 ** 100, Number.NEGATIVE_INFINITY]],
    ["I64", [0, -7, 2 ** 40]],
    ["U64", [0, 7]],
    ["I32", [0, -7]],
    ["U32", [0, 2 ** 32 - 1]],
    ["I16", [0, -7]],
    ["U16", [0, 65535]],
    ["I8", [0, -7]],
    ["U8", [0, 255]],
    ["BOOL", [0, 1]],
  ] as const)("%s are read as they were written", (dtype, values) => {
    expect(valuesOf(tensor([values.length], values, dtype))).toEqual([...values]);
  });

  it("are rounded to the nearest half, past the largest to Infinity", () => {
    expect(valuesOf(tensor([4], [0.1, 65519.9, 65520, 1 + 2 ** -11], "F16"))).toEqual([
      0.0999755859375,
      65504,
      Number.POSITIVE_INFINITY,
      1,
    ]);
    expect(valuesOf(tensor([1], [1 + 2 ** -8], "BF16"))).toEqual([1]);
  });
});

describe("rows and timesteps", () => {
  const step = stepWith({
    "0": tensor([2, 4, 1], [1, 2, 3, 4, 5, 6, 7, 8]),
    "1": tensor([2], [4, 3], "I32"),
    "2": tensor([2, 4], [1, 1, 1, 1, 1, 1, 1, 0]),
  });

  it("go where no part of the death is in them, from all parts that share them", () => {
    // Dies while 6 is in the batch, and the parts fit one another.
    const dies = ({ batch: { tensors } }: ProgramStep) => {
      const [x, lengths, mask] = ["0", "1", "2"].map((name) => tensors.get(name) as StoredTensor);
      const [rows, time] = x?.shape ?? [];
      const fits = lengths?.shape[0] === rows && mask?.shape[0] === rows && mask?.shape[1] === time;
      return fits && valuesOf(lengths).every((length) => length <= (time ?? 0)) && valuesOf(x).includes(6);
    };
    const { step: small } = shrunk(step, dies, [axes]);
    expect(valuesOf(small.batch.tensors.get("0"))).toEqual([6]);
    expect(small.batch.tensors.get("0")?.shape).toEqual([1, 1, 1]);
    expect(small.batch.tensors.get("2")?.shape).toEqual([1, 1]);
    // It counted up to the old length, and counts up to the new one.
    expect(valuesOf(small.batch.tensors.get("1"))).toEqual([1]);
  });

  it("are tried place by place, also those that a part has one entry of", () => {
    const ones = (shape: number[]) =>
      tensor(shape, Array(shape.reduce((all, length) => all * length, 1)).fill(1));
    const step = stepWith({ "0": ones([2, 4, 3]), "1": ones([2, 1, 3]) });
    const stream = axes.candidates({ step, death }, null);
    const changed: number[] = [];
    for (let next = stream.next(null); !next.done; next = stream.next(null)) {
      const { shape } = next.value.batch.tensors.get("0") as StoredTensor;
      changed.push([2, 4, 3].findIndex((length, place) => shape[place] !== length));
    }
    expect(changed.filter((place, i) => place !== changed[i - 1]).slice(0, 3)).toEqual([0, 1, 2]);
  });

  it("stay where a step needs them all", () => {
    const { step: same } = shrunk(step, () => false, [axes]);
    expect(same).toBe(step);
  });
});

describe("a step of a batch with fewer timesteps", () => {
  const x = tensor([2, 4], [4, 3, 2, 1, 4, 3, 2, 1]);
  const batchOf = (step: ProgramStep | null) => [...(step?.batch.tensors.values() ?? [])].map(valuesOf);

  it("has the first of them, and lengths that go up to their number", () => {
    const step = stepWith({ "0": x, "1": tensor([2], [4, 3], "I32") });
    expect(batchOf(shortenedTo(step, 1, 2))).toEqual([
      [4, 3, 4, 3],
      [2, 2],
    ]);
  });

  it("keeps whole numbers that go up to something else, such as words", () => {
    for (const words of [
      [3, 1],
      [9, 4],
    ])
      expect(batchOf(shortenedTo(stepWith({ "0": x, "1": tensor([2], words, "I32") }), 1, 2))).toEqual([
        [4, 3, 4, 3],
        words,
      ]);
  });

  it("keeps the numbers that are no whole ones, though lengths beside them are cut down", () => {
    const step = stepWith({ "0": x, "1": tensor([2], [4, 1], "I32"), "2": tensor([2], [4, 0.5]) });
    expect(batchOf(shortenedTo(step, 1, 1))).toEqual([
      [4, 4],
      [1, 1],
      [4, 0.5],
    ]);
  });

  it("is one whose parts have the axis of one length: others are not cut apart from one another", () => {
    const of = (...shapes: number[][]) =>
      stepWith(Object.fromEntries(shapes.map((shape, i) => [i, tensor(shape, Array(8).fill(1))])));
    expect(sharedLength(of([2, 4], [4, 2]), 1)).toBeNull();
    expect(shortenedTo(of([2, 4], [4, 2]), 1, 2)).toBeNull();
    // One entry stands for all of them, and a part without the axis is not asked.
    expect(sharedLength(of([2, 4], [8, 1], [8]), 1)).toBe(4);
    expect(sharedLength(of([8, 1]), 1)).toBeNull();
  });

  it("is itself with as many, and there is none with more or with nothing", () => {
    const step = stepWith({ "0": x });
    expect(shortenedTo(step, 1, 4)).toBe(step);
    expect(shortenedTo(step, 1, 5)).toBeNull();
    expect(shortenedTo(step, 1, 0)).toBeNull();
    expect(shortenedTo(step, 2, 1)).toBeNull();
  });
});

describe("all passes together", () => {
  it("leave the one number that a death needs, as plain as it can be, and nothing of the optimizer", () => {
    const start = stepWith(
      { "0": tensor([3, 2], [0.1, 7.25, -3.5, 9.875, 2, 1]) },
      {
        "weight/w": tensor([4], [0.25, 0.5, 0.75, 1]),
        "slot/w/m": tensor([4], [1, 2, 3, 4]),
        "counter/step": tensor([], [17], "I64"),
        "random/numbers": tensor([2], [5, 6], "F64"),
      },
    );
    const dies = ({ batch, state }: ProgramStep) =>
      Math.max(...valuesOf(batch.tensors.get("0"))) > 3 &&
      valuesOf(state.tensors.get("weight/w"))[2] === 0.75;
    const { step } = shrunk(start, dies, stepShrinking.passes);
    expect(valuesOf(step.batch.tensors.get("0"))).toEqual([10]);
    expect(valuesOf(step.state.tensors.get("weight/w"))).toEqual([0, 0, 0.75, 0]);
    expect(valuesOf(step.state.tensors.get("slot/w/m"))).toEqual([0, 0, 0, 0]);
    expect(valuesOf(step.state.tensors.get("counter/step"))).toEqual([17]);
    expect(valuesOf(step.state.tensors.get("random/numbers"))).toEqual([5, 6]);
    expect(stepSize(step)).toMatchObject({ nonZero: 2, nonZeroInBatch: 1, numbers: 9 });
  });

  it("keep NaN and Infinity where the death is theirs", () => {
    const start = stepWith({ "0": tensor([2, 3], [1, 2, Number.NaN, 4, 5, 6]) });
    const { step } = shrunk(
      start,
      ({ batch }) => valuesOf(batch.tensors.get("0")).some(Number.isNaN),
      stepShrinking.passes,
    );
    expect(valuesOf(step.batch.tensors.get("0"))).toEqual([Number.NaN]);
  });
});

describe("the file of a step", () => {
  it("holds state and batch, to the bit, with what is said of their parts", () => {
    const step = stepWith({ "0": tensor([2], [1, 2]) }, { "weight/w": tensor([1], [-0.5], "F16") });
    step.batch.metadata["0"] = "tensor";
    expect(stepOf(step.case, stepBytes(step))).toEqual(step);
  });

  it.each([
    ["none", undefined],
    ["no file of tensors", new Uint8Array([1, 2, 3])],
  ])("is refused where it is %s", (_, bytes) => {
    expect(() => stepOf(stepWith({}).case, bytes)).toThrow(/state and batch cannot be read/);
  });
});
