import { describe, expect, test } from "vitest";
import { gauge } from "../../../stepRecord.ts";
import type { Batch } from "../../cases/batch.ts";
import { gateColumns } from "../../cases/gates.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import type { LayerParameters, TrainingState } from "../../cases/state.ts";
import type { Engine } from "../engine.ts";
import { layerGauge } from "../gauges.ts";
import { tfjsEngine } from "../tfjs/engine.ts";
import { explorerEngine } from "./engine.ts";
import { type DrawnCase, drawCase, type Settled } from "./testing/cases.ts";

const explorer = explorerEngine();
const tfjs = await tfjsEngine("cpu");

/** Draws, then spoils one number of the first batch's inputs, a padded one where `padded`. */
function spoiled(seed: string, value: number, past: number, settled: Settled): DrawnCase & { batch: Batch } {
  const drawn = drawCase(seed, {
    loss: { normalise: { kind: "tensorflow" } },
    optimizer: { kind: "sgd", learningRate: 0.1, clip: { kind: "none" }, skipNonFinite: false },
    size: 6,
    ...settled,
  });
  const { rows, time, x, y } = drawn.batches[0] as Batch;
  const { inputs } = drawn.testCase.model;
  // Row 0 ends one or more timesteps before the others.
  const lengths = new Int32Array(rows).fill(time);
  lengths[0] = Math.max(0, time - 2);
  const at = Math.min(Math.max((lengths[0] ?? 0) + past, 0), time - 1);
  x[at * inputs] = value;
  return { ...drawn, batch: { rows, time, x, y, lengths } };
}

/** The gradients of a step, whether each entry is finite, and the record whose flags and norms must agree. */
function verdict(engine: Engine, testCase: TrainingCase, state: TrainingState, batch: Batch) {
  const run = engine.start(testCase, state);
  try {
    const gradients = run
      .gradients(batch)
      .flatMap(({ kernel, bias }: LayerParameters) => [...kernel, ...bias]);
    const record = run.step(batch);
    return { finite: gradients.map(Number.isFinite), gradients, record };
  } finally {
    run.dispose();
  }
}

describe("what a number that is not finite reaches, entry by entry, as in tfjs-cpu", () => {
  const values = [Number.POSITIVE_INFINITY, Number.NaN, 3e38, -3e38];
  const cells: Settled[] = [
    { activations: ["tanh", "tanh"] },
    { activations: ["tanh", "relu", "tanh"] },
    { activations: ["sigmoid"] },
    { activations: ["tanh", "linear"], cellClip: 2 },
  ];
  test.each(Array.from({ length: 32 }, (_, i) => [`reach/${i}`, i] as const))("%s", (seed, i) => {
    for (const past of [-2, 0, 1]) {
      const { testCase, state, batch } = spoiled(
        seed,
        values[i % 4] as number,
        past,
        cells[Math.floor(i / 4) % 4] as Settled,
      );
      const ours = verdict(explorer, testCase, state, batch);
      const theirs = verdict(tfjs, testCase, state, batch);
      expect(ours.finite).toEqual(theirs.finite);
      expect(ours.record.finite).toEqual(theirs.record.finite);
      expect(ours.record.finite.gradients).toBe(ours.finite.every(Boolean));
      expect(Number.isNaN(gauge(ours.record, "rawGradientNorm"))).toBe(ours.gradients.some(Number.isNaN));
    }
  });

  test("an infinite input of tanh cells touches its own row of the kernel and no other", () => {
    const { testCase, state, batch } = spoiled("reach/own-row", Number.POSITIVE_INFINITY, -10, {
      activations: ["tanh"],
    });
    const units = testCase.model.layers[0]?.units ?? 0;
    const { finite } = verdict(explorer, testCase, state, batch);
    expect(finite.slice(0, gateColumns(units)).some(Boolean)).toBe(false);
    expect(finite.slice(gateColumns(units)).every(Boolean)).toBe(true);
  });
});

describe("padding", () => {
  test("a target in the padding that is not finite: NaN loss where padding is counted, no gradient ever", () => {
    for (const axis of ["time", "embedding"] as const)
      for (const padding of ["counted", "masked"] as const) {
        const drawn = spoiled("padding/target", 0, -10, {
          top: "tanh",
          loss: { axis, padding, normalise: { kind: "tensorflow" } },
        });
        const { testCase, state, batch } = drawn;
        const units = testCase.model.layers.at(-1)?.units ?? 0;
        batch.y[(batch.lengths[0] ?? 0) * units] = Number.POSITIVE_INFINITY;
        const { record } = verdict(explorer, testCase, state, batch);
        expect(record.finite).toMatchObject({ loss: padding === "masked", gradients: true });
      }
  });

  test("lanes that pad are no cells: they count in no maximum", () => {
    const { testCase, state, batch } = spoiled("padding/maxima", 0, -10, { activations: ["sigmoid"] });
    const units = testCase.model.layers[0]?.units ?? 0;
    expect(units % 8).toBeGreaterThan(0);
    const { kernel, bias } = state.weights[0] as LayerParameters;
    // Closed input gates: no unit's cell grows, where a lane of zeros would grow by a quarter a timestep.
    kernel.fill(0);
    bias.fill(-30, 0, units);
    const { record } = verdict(explorer, testCase, state, batch);
    expect(gauge(record, layerGauge(0, "maxCell"))).toBeLessThan(1e-9);
  });

  test("Adam without epsilon: a lane that pads is no 0/0, in whichever half of a panel it lies", () => {
    const widths = new Set<number>();
    for (let i = 0; i < 12; i++) {
      const { testCase, state, batch } = spoiled(`padding/epsilon/${i}`, 1, -10, {
        activations: ["tanh"],
        optimizer: {
          kind: "adam",
          form: i % 2 ? "tfjs" : "tf1",
          learningRate: 0.01,
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 0,
          clip: { kind: "none" },
          skipNonFinite: false,
        },
      });
      widths.add((testCase.model.layers[0]?.units ?? 0) % 8);
      const { record } = verdict(explorer, testCase, state, batch);
      expect(Object.values(record.finite)).toEqual([true, true, true, true, true]);
    }
    expect([...widths].filter((width) => width > 0 && width < 4)).not.toEqual([]);
    expect([...widths].filter((width) => width > 4)).not.toEqual([]);
  });
});
