import { describe, expect, it } from "vitest";
import type { TrainingState } from "../cases/state.ts";
import { RunDigest } from "./digest.ts";
import type { StepRecord } from "./stepRecord.ts";

const record: StepRecord = {
  step: 1,
  loss: 1,
  cosineDistance: 2,
  regulariser: 3,
  rawGradientNorm: 4,
  appliedGradientNorm: 5,
  weightNorm: 6,
  layers: [{ maxCell: 7, maxHidden: 8, gradientNorm: 9, maxWeight: 10 }],
  finite: { loss: true, gradients: true, weights: true, moments: true },
  skipped: false,
};
const layer = (...values: number[]) => [{ kernel: Float32Array.from(values), bias: Float32Array.of(0.5) }];
const state = (first: number): TrainingState => ({
  step: 1,
  weights: layer(first, 2),
  firstMoment: layer(3, 4),
  secondMoment: layer(5, 6),
});

function digestOf(records: StepRecord[], before = state(1), after = state(2)): string {
  const digest = new RunDigest();
  for (const each of records) digest.add(each);
  return digest.close(before, after);
}
const plain = digestOf([record]);

describe("a run's digest", () => {
  it("is pinned: another value is another format", () => {
    expect(plain).toBe("1bd464715ee6409267b9bee1659994cf855377f94376a85af77f4debd24c0973");
  });

  it("is the same for the same run", () => expect(digestOf([structuredClone(record)])).toBe(plain));

  it.each([
    "loss",
    "cosineDistance",
    "regulariser",
    "rawGradientNorm",
    "appliedGradientNorm",
    "weightNorm",
  ] as const)("differs in %s by one ulp", (name) =>
    expect(digestOf([{ ...record, [name]: record[name] * (1 + 2 ** -23) }])).not.toBe(plain),
  );

  it.each(["maxCell", "maxHidden", "gradientNorm", "maxWeight"] as const)(
    "differs in a layer's %s",
    (name) => {
      const layers = record.layers.map((each) => ({ ...each, [name]: 11 }));
      expect(digestOf([{ ...record, layers }])).not.toBe(plain);
    },
  );

  it("differs in the state before the last step, and after it, each tensor of it", () => {
    const all = new Set([plain]);
    for (const name of ["weights", "firstMoment", "secondMoment"] as const)
      for (const part of ["kernel", "bias"] as const)
        for (const moved of ["before", "after"] as const) {
          const states = { before: state(1), after: state(2) };
          const values = states[moved][name][0]?.[part] as Float32Array;
          values[0] = 77;
          all.add(digestOf([record], states.before, states.after));
        }
    expect(all.size).toBe(13);
  });

  it("differs in the number and order of steps", () => {
    const other = { ...record, loss: 9 };
    expect(
      new Set([plain, digestOf([record, record]), digestOf([record, other]), digestOf([other, record])]).size,
    ).toBe(4);
  });

  it("takes every NaN for the same one", () => {
    const nan = (bits: number) => {
      const odd = state(2);
      new Uint32Array(odd.weights[0]?.kernel.buffer as ArrayBuffer)[0] = bits;
      return digestOf([record], state(1), odd);
    };
    expect(nan(0xffc00001)).toBe(nan(0x7fc00000));
    expect(nan(0x7fc00000)).not.toBe(nan(0x7f800000));
  });

  it("tells -0 from 0", () => {
    expect(digestOf([{ ...record, loss: -0 }])).not.toBe(digestOf([{ ...record, loss: 0 }]));
  });
});
