import { expect } from "vitest";
import { nudge } from "../../../../../numerics/nudge.ts";
import { gauge } from "../../../../stepRecord.ts";
import type { Batch } from "../../../cases/batch.ts";
import type { TrainingCase } from "../../../cases/schema.ts";
import type { LayerParameters, TrainingState } from "../../../cases/state.ts";
import type { Engine } from "../../engine.ts";
import { LAYER_QUANTITIES, layerGauge, ofLayers } from "../../gauges.ts";
import type { DrawnCase } from "./cases.ts";

/** The record, gradients and new weights of one step from a state. */
function stepOf(engine: Engine, testCase: TrainingCase, state: TrainingState, batch: Batch) {
  const training = engine.start(testCase, state);
  try {
    const gradients = training.gradients(batch);
    const record = training.step(batch);
    return { record, gradients, weights: training.state().weights };
  } finally {
    training.dispose();
  }
}

/** The state with each weight that is not 0 moved by one ulp, up or down in turn. */
function nudged(state: TrainingState): TrainingState {
  const weights = state.weights.map(({ kernel, bias }) => ({
    kernel: nudge(kernel, "away"),
    bias: nudge(bias, "away"),
  }));
  return { ...state, weights };
}

/** Kernels and biases as one list. */
const flat = (layers: LayerParameters[]) => layers.flatMap(({ kernel, bias }) => [...kernel, ...bias]);
/** 2-norm. */
export const size = (values: number[]) => Math.hypot(...values);
/** 2-norm of the difference. */
export function apart(a: number[], b: number[]): number {
  expect(b.length).toBe(a.length);
  return size(a.map((value, i) => value - (b[i] as number)));
}

/**
 * One step of the explorer and of another engine from a shared state: the same flags, and numbers, gradients
 * and new weights within ten times the effect of one ulp in the weights.
 * @param name Says in a failure which case it was.
 * @returns The batches of which all numbers were compared: those whose step is finite.
 */
export function expectAgreement(
  explorer: Engine,
  other: Engine,
  { testCase, batches }: DrawnCase,
  state: TrainingState,
  name: string,
): number {
  let compared = 0;
  for (const batch of batches) {
    const ours = stepOf(explorer, testCase, state, batch);
    const theirs = stepOf(other, testCase, state, batch);
    const moved = stepOf(explorer, testCase, nudged(state), batch);
    expect(ours.record.finite, name).toEqual(theirs.record.finite);
    expect(ours.record.skipped, name).toBe(theirs.record.skipped);
    if (!Object.values(ours.record.finite).every(Boolean)) continue;
    compared += 1;
    const numbers = (record: typeof ours.record) => [
      record.loss,
      gauge(record, "rawGradientNorm"),
      gauge(record, "weightNorm"),
    ];
    numbers(ours.record).forEach((value, i) => {
      const conditioned = 10 * Math.abs((numbers(moved.record)[i] ?? 0) - value);
      const floor = 1e-5 * Math.max(1, Math.abs(value));
      expect(Math.abs(value - (numbers(theirs.record)[i] ?? 0)), `${name}: number ${i}`).toBeLessThan(
        conditioned + floor,
      );
    });
    for (const quantity of LAYER_QUANTITIES) {
      const values = ofLayers(ours.record, quantity);
      expect(values).toHaveLength(testCase.model.layers.length);
      values.forEach((value, l) => {
        const conditioned = 10 * Math.abs(gauge(moved.record, layerGauge(l, quantity)) - value);
        const difference = Math.abs(value - gauge(theirs.record, layerGauge(l, quantity)));
        expect(difference, `${name}: layer ${l} ${quantity}`).toBeLessThan(conditioned + 1e-5 * value + 1e-6);
      });
    }
    for (const what of ["gradients", "weights"] as const) {
      const [a, b, c] = [ours[what], theirs[what], moved[what]].map(flat) as [number[], number[], number[]];
      expect(apart(a, b), `${name}: ${what}`).toBeLessThan(10 * apart(a, c) + 1e-5 * size(a) + 1e-6);
    }
  }
  return compared;
}
