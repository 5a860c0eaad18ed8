/**
 * Claim: the gradient is the gradient: along a random direction it is what central differences of the loss in float64 give, away
 * from kinks (relu at 0, the cell clip, the floor of a normalisation), with every preset.
 */
import { test } from "@fast-check/vitest";
import * as fc from "fast-check";
import { describe, expect } from "vitest";
import { randomStream } from "../src/numerics/random.ts";
import { parameterArrays } from "../src/programs/lstm/cases/parameters.ts";
import type { LayerParameters } from "../src/programs/lstm/cases/state.ts";
import { openEngine } from "../src/programs/lstm/engines/open.ts";
import { type TwinLayer, twinLayers, twinPass } from "../src/programs/lstm/engines/testing/twin.ts";
import { nudged } from "../src/programs/lstm/relations/nudge.ts";
import { type SharedStep, takeStep } from "../src/programs/lstm/relations/sharedStep.ts";
import { PRESETS } from "./testing/examples.ts";
import { profile } from "./testing/profile.ts";
import { stepAt, stepsOf } from "./testing/steps.ts";

const explorer = await openEngine("explorer");
/** Width of the differences, relative to a weight or 1e-3, whichever is more. */
const WIDTH = 1e-5;
/** Slopes to the two sides that differ by more, relative to the gradient's length, show a kink between. */
const KINK = 1e-3;
/** Error allowed in each entry of a float32 gradient, on its own. */
const ROUNDING = 1e-6;
const small = {
  time: { min: 1, max: 8 },
  rows: { min: 1, max: 3 },
  units: { min: 2, max: 6, each: "layer" },
} as const;

/** A direction in the space of the weights, each entry in proportion to its weight. */
function directionOf({ state }: SharedStep, label: string): Float64Array[] {
  const random = randomStream("directions", label);
  return parameterArrays(state.weights).map((values) =>
    Float64Array.from(values, (weight) => random.gaussian() * Math.max(Math.abs(weight), 1e-3)),
  );
}

const along = (gradients: LayerParameters[], direction: Float64Array[]) =>
  parameterArrays(gradients).reduce(
    (sum, values, a) => sum + values.reduce((part, value, i) => part + value * (direction[a]?.[i] ?? 0), 0),
    0,
  );

/** The step with its gradient as it is before it is clipped. */
function unclipped(step: SharedStep): SharedStep {
  const { testCase } = step;
  return { ...step, testCase: { ...testCase, optimizer: { ...testCase.optimizer, clip: { kind: "none" } } } };
}

/** The loss in float64, so far along the direction from the state. */
function lossAt({ testCase, state, batch }: SharedStep, direction: Float64Array[], distance: number): number {
  const moved: TwinLayer[] = twinLayers(state.weights);
  parameterArrays(moved).forEach((values, a) => {
    values.forEach((value, i) => {
      values[i] = value + distance * (direction[a]?.[i] ?? 0);
    });
  });
  return twinPass(testCase, moved, batch).loss;
}

describe.each(PRESETS)("of %s", (preset) => {
  const runs = profile(`gradients against central differences, ${preset}`, 60);

  test.prop([stepsOf(preset, small), fc.integer({ min: 1, max: 1e6 })], runs)(runs.name, (taken, label) => {
    const step = unclipped(stepAt(explorer, taken));
    const { gradients, record } = takeStep(explorer, step);
    fc.pre(record.finite.gradients);
    const direction = directionOf(step, String(label));
    const [down, middle, up] = [-WIDTH, 0, WIDTH].map((distance) => lossAt(step, direction, distance)) as [
      number,
      number,
      number,
    ];
    const [left, right] = [(middle - down) / WIDTH, (up - middle) / WIDTH];
    const measured = along(gradients, direction);
    const nudges = (["away", "towards"] as const).map((first) =>
      along(takeStep(explorer, { ...step, state: nudged(step.state, first) }).gradients, direction),
    );
    const conditioned = 10 * Math.max(...nudges.map((moved) => Math.abs(moved - measured)));
    const length = Math.hypot(
      ...parameterArrays(gradients).flatMap((values, a) =>
        [...values].map((value, i) => value * (direction[a]?.[i] ?? 0)),
      ),
    );
    const floor = ROUNDING * Math.max(1, Math.hypot(...direction.flatMap((values) => [...values])));
    fc.pre(Math.abs(left - right) <= KINK * length + floor);
    expect(Math.abs((left + right) / 2 - measured)).toBeLessThanOrEqual(conditioned + KINK * length + floor);
  });
});
