import { expect } from "vitest";
import { gauge } from "../../../../stepRecord.ts";
import type { OptimizerSpec } from "../../../cases/schema.ts";
import type { TrainingState } from "../../../cases/state.ts";
import type { Engine } from "../../engine.ts";
import { opened, smallCase } from "./smallCase.ts";
import { type Slot64, twinClip, twinUpdate } from "./twinUpdate.ts";

const STEPS = 6;

/** Adam with moments that reach far enough for six steps to tell its terms apart. */
export const adam = (differs: object = {}): OptimizerSpec => ({
  kind: "adam",
  form: "tf1",
  learningRate: 0.02,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-3,
  clip: { kind: "none" },
  skipNonFinite: false,
  ...differs,
});

/** Every optimizer and clip, and the step that its run starts from. */
export const OPTIMIZERS: readonly (readonly [name: string, optimizer: OptimizerSpec, from: number])[] = [
  ["adam, tf1", adam(), 0],
  ["adam, tfjs", adam({ form: "tfjs" }), 0],
  ["sgd", { kind: "sgd", learningRate: 0.5, clip: { kind: "none" }, skipNonFinite: false }, 0],
  ["adam, globalNorm", adam({ clip: { kind: "globalNorm", limit: 0.05 } }), 0],
  ["adam, globalNorm that never clips", adam({ clip: { kind: "globalNorm", limit: 1e9 } }), 0],
  ["adam, safeGlobalNorm", adam({ clip: { kind: "safeGlobalNorm", limit: 0.05 } }), 0],
  ["adam, safeGlobalNorm that never clips", adam({ clip: { kind: "safeGlobalNorm", limit: 1e9 } }), 0],
  ["adam, value", adam({ clip: { kind: "value", limit: 0.005 } }), 0],
  ["adam, tf1, from a state 40 steps on", adam(), 40],
  ["adam, tfjs, from a state 40 steps on", adam({ form: "tfjs" }), 40],
  ["adam, tfjs, with no memory of means", adam({ beta1: 0, form: "tfjs" }), 2],
];

const flat = (layers: TrainingState["weights"]) => layers.flatMap(({ kernel, bias }) => [...kernel, ...bias]);
const slotOf = (state: TrainingState): Slot64 => ({
  w: flat(state.weights),
  m: flat(state.firstMoment),
  v: flat(state.secondMoment),
});

/** Six steps of an engine, each against the float64 formula: clip, moments, weights and the norms in the record. */
export function expectFormula(engine: Engine, optimizer: OptimizerSpec, from: number): void {
  const testCase = smallCase({ optimizer });
  const { state, batch } = opened(testCase);
  state.step = from;
  const raw = gradientsOf(
    engine,
    { ...testCase, optimizer: { ...optimizer, clip: { kind: "none" } } },
    state,
    batch,
  );
  const training = engine.start(testCase, state);
  try {
    for (let k = 0; k < STEPS; k++) {
      const before = slotOf(training.state());
      const gradients = flat(training.gradients(batch));
      if (k === 0) close(gradients, twinClip(optimizer.clip, raw), 1e-6);
      const record = training.step(batch);
      if (k === 0) close([gauge(record, "rawGradientNorm")], [Math.hypot(...raw)], 1e-6);
      // Each step from the engine's own state: only one update's rounding is between the two.
      const expected = twinUpdate(optimizer, before, gradients, from + k + 1);
      const after = slotOf(training.state());
      close(after.w, expected.w, 1e-6);
      close(after.m, expected.m, 1e-6);
      close(after.v, expected.v, 1e-6);
      close([gauge(record, "appliedGradientNorm")], [Math.hypot(...gradients)], 1e-6);
      close([gauge(record, "weightNorm")], [Math.hypot(...after.w)], 1e-6);
    }
    expect(training.state().step).toBe(from + STEPS);
  } finally {
    training.dispose();
  }
}

function gradientsOf(engine: Engine, ...[testCase, state, batch]: GradientArguments): number[] {
  const run = engine.start(testCase, state);
  const gradients = flat(run.gradients(batch));
  run.dispose();
  return gradients;
}

type GradientArguments = [...Parameters<Engine["start"]>, ReturnType<typeof opened>["batch"]];

/** Entries differ by no more than `part` of the largest. */
function close(actual: number[], expected: number[], part: number): void {
  expect(actual.length).toBe(expected.length);
  const bound = part * Math.max(1e-30, ...expected.map(Math.abs));
  const apart = actual.map((value, i) => Math.abs(value - (expected[i] as number)));
  expect(Math.max(0, ...apart)).toBeLessThanOrEqual(bound);
}
