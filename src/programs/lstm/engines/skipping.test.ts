import { describe, expect, test } from "vitest";
import { maxAbs, norm } from "../../../numerics/measure.ts";
import { gauge, isFatal } from "../../stepRecord.ts";
import type { Batch } from "../cases/batch.ts";
import type { OptimizerSpec, TrainingCase } from "../cases/schema.ts";
import { explorerEngine } from "./explorer/engine.ts";
import { ofLayers } from "./gauges.ts";
import { tfjsEngine } from "./tfjs/engine.ts";
import { opened, smallCase, steepCase } from "./tfjs/testing/smallCase.ts";

const engines = { explorer: explorerEngine(), "tfjs-cpu": await tfjsEngine("cpu") } as const;
const names = Object.keys(engines) as (keyof typeof engines)[];

const SKIPPING = { clip: { kind: "none" }, skipNonFinite: true } as const;
const sgd = (clip: OptimizerSpec["clip"]): OptimizerSpec => ({
  kind: "sgd",
  learningRate: 1,
  clip,
  skipNonFinite: true,
});
const adam = (form: "tf1" | "tfjs"): OptimizerSpec => ({
  kind: "adam",
  form,
  learningRate: 0.02,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-3,
  ...SKIPPING,
});

/** The batch with an input that no gradient survives. */
const poisoned = (batch: Batch): Batch => ({ ...batch, x: batch.x.map(() => Number.NaN) });

/** The record of a case's first step, and whether it left the state as it was. */
function firstStep(name: keyof typeof engines, testCase: TrainingCase) {
  const small = opened(testCase);
  const run = engines[name].start(small.case, small.state);
  try {
    const record = run.step(small.batch);
    const after = run.state();
    return { record, after, before: small.state };
  } finally {
    run.dispose();
  }
}

describe.each(names)("skipNonFinite on %s", (name) => {
  test.each([
    ["Adam in TF1's form", adam("tf1")],
    ["Adam in tfjs's form", adam("tfjs")],
    ["SGD", sgd({ kind: "none" })],
  ] as const)(
    "a skipped step counts for nothing: the next one has the bits that it has without it, with %s",
    (_, optimizer) => {
      const { case: testCase, state, batch } = opened(smallCase({ optimizer }));
      for (const step of [0, 40]) {
        const start = { ...state, step };
        const plain = engines[name].start(testCase, start);
        const beside = engines[name].start(testCase, start);
        try {
          for (let k = 0; k < 3; k++) {
            const skipped = beside.step(poisoned(batch));
            expect(skipped.skipped).toBe(true);
            expect(beside.previousState()).toEqual(plain.state());
            const { step: taken, ...record } = plain.step(batch);
            expect(taken).toBe(k + 1);
            expect(beside.step(batch)).toEqual({ ...record, step: 2 * k + 2 });
            expect(beside.state()).toEqual(plain.state());
            expect(beside.previousState()).toEqual(plain.previousState());
          }
          expect(plain.state().step).toBe(step + 3);
        } finally {
          plain.dispose();
          beside.dispose();
        }
      }
    },
  );

  test("the raw gradient is judged: one that a clip by value makes finite is skipped all the same", () => {
    const infinite = steepCase({ optimizer: sgd({ kind: "value", limit: 1 }) }, 1e19);
    const { record, after, before } = firstStep(name, infinite);
    expect(gauge(record, "rawGradientNorm")).toBe(Number.POSITIVE_INFINITY);
    expect(gauge(record, "appliedGradientNorm")).toBeLessThan(10);
    expect(record).toMatchObject({
      skipped: true,
      finite: { rawGradients: false, gradients: true, weights: true },
    });
    expect(after).toEqual(before);
  });

  test("the raw gradient is judged: a finite one of which a clip by its norm makes NaN is taken, and kills", () => {
    const steep = steepCase({ optimizer: sgd({ kind: "globalNorm", limit: 1 }) });
    const { record, after } = firstStep(name, steep);
    expect(gauge(record, "rawGradientNorm")).toBeGreaterThan(1e19);
    expect(gauge(record, "appliedGradientNorm")).toBeNaN();
    expect(record).toMatchObject({
      skipped: false,
      finite: { loss: true, rawGradients: true, weights: false },
    });
    expect(isFatal(record)).toBe(true);
    expect(after.weights[0]?.kernel.every(Number.isNaN)).toBe(true);
  });

  test("the loss is judged too: NaN with finite gradients is skipped", () => {
    const optimizer = adam("tf1");
    const small = opened(smallCase({ optimizer, loss: { ...smallCase().loss, padding: "counted" } }));
    const { rows, time, lengths, y } = small.batch;
    const units = y.length / (rows * time);
    // A target in the padding, where the output is 0 and has no gradient.
    const short = lengths.findIndex((length) => length < time);
    expect(short).toBeGreaterThanOrEqual(0);
    y[(short * time + time - 1) * units] = Number.POSITIVE_INFINITY;
    const run = engines[name].start(small.case, small.state);
    expect(run.step(small.batch)).toMatchObject({ skipped: true, finite: { loss: false, gradients: true } });
    expect(run.state()).toEqual(small.state);
    run.dispose();
  });

  test("a finite step is taken, and without the flag so is one that is not", () => {
    expect(firstStep(name, smallCase({ optimizer: adam("tf1") })).record.skipped).toBe(false);
    const optimizer: OptimizerSpec = { ...adam("tf1"), skipNonFinite: false };
    const { case: testCase, state, batch } = opened(smallCase({ optimizer }));
    const run = engines[name].start(testCase, state);
    expect(run.step(poisoned(batch))).toMatchObject({ skipped: false, finite: { weights: false } });
    expect(run.state().step).toBe(state.step + 1);
    run.dispose();
  });

  test("the record of a skipped step measures the state that stays, an infinite moment included", () => {
    const small = opened(smallCase({ optimizer: adam("tf1") }));
    const step = (change: () => void) => {
      change();
      const run = engines[name].start(small.case, small.state);
      // A taken step first: what it wrote must not be measured in the next.
      run.step(small.batch);
      const { weights } = run.state();
      const record = run.step(poisoned(small.batch));
      run.dispose();
      return { record, weights: weights.map(({ kernel, bias }) => [kernel, bias]) };
    };
    const { record, weights } = step(() => undefined);
    expect(record).toMatchObject({ skipped: true, finite: { weights: true, moments: true } });
    expect(gauge(record, "weightNorm")).toBeCloseTo(norm(weights.flat()), 5);
    expect(ofLayers(record, "maxWeight")).toEqual(weights.map(maxAbs));
    for (const moment of ["firstMoment", "secondMoment"] as const)
      expect(
        step(() => {
          for (const { kernel, bias } of [...small.state.firstMoment, ...small.state.secondMoment]) {
            kernel.fill(0);
            bias.fill(0);
          }
          small.state[moment][0]?.bias.fill(Number.POSITIVE_INFINITY, 0, 1);
        }).record.finite.moments,
      ).toBe(false);
  });
});
