import { describe, expect, it } from "vitest";
import { RunDigest } from "./digest.ts";
import type { NamedArrays } from "./session.ts";
import type { StepRecord } from "./stepRecord.ts";

const record: StepRecord = {
  step: 1,
  loss: 1,
  gauges: { second: 2, third: 3, fourth: 4, fifth: 5, sixth: 6, "a/7": 7, "a/8": 8, "a/9": 9, "a/10": 10 },
  finite: { loss: true, gradients: true, rawGradients: true, weights: true, moments: true },
  skipped: false,
};
const state = (first: number): NamedArrays =>
  [[first, 2], [0.5], [3, 4], [0.5], [5, 6], [0.5]].map((values, i) => [
    `array ${i}`,
    Float32Array.from(values),
  ]);

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

  const ulp = 1 + 2 ** -23;
  it("differs in the loss by one ulp", () =>
    expect(digestOf([{ ...record, loss: record.loss * ulp }])).not.toBe(plain));

  it.each(Object.entries(record.gauges))("differs in gauge %s by one ulp", (name, value) =>
    expect(digestOf([{ ...record, gauges: { ...record.gauges, [name]: value * ulp } }])).not.toBe(plain),
  );

  it("differs in the state before the last step, and after it, each tensor of it", () => {
    const all = new Set([plain]);
    for (const array of state(1).keys())
      for (const moved of ["before", "after"] as const) {
        const states = { before: state(1), after: state(2) };
        states[moved][array]?.[1].fill(77);
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
      new Uint32Array(odd[0]?.[1].buffer as ArrayBuffer)[0] = bits;
      return digestOf([record], state(1), odd);
    };
    expect(nan(0xffc00001)).toBe(nan(0x7fc00000));
    expect(nan(0x7fc00000)).not.toBe(nan(0x7f800000));
  });

  it("tells -0 from 0", () => {
    expect(digestOf([{ ...record, loss: -0 }])).not.toBe(digestOf([{ ...record, loss: 0 }]));
  });
});
