import { describe, expect, test } from "vitest";
import type { Batch } from "../../cases/batch.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import type { LayerParameters, TrainingState } from "../../cases/state.ts";
import { diagnose } from "../../training/diagnosis.ts";
import type { Engine } from "../../training/engine.ts";
import { isFatal } from "../../training/stepRecord.ts";
import { BACKENDS, LEFT_OUT, openBackends } from "../tfjs/testing/backends.ts";
import { explorerEngine } from "./engine.ts";
import { type DrawnCase, drawCase } from "./testing/cases.ts";

const explorer = explorerEngine();
const tfjs = await openBackends();

/** What one step from a state gives: record numbers, gradients and new weights. */
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

/** The state with each weight moved by one ulp, up or down in turn. */
function nudged(state: TrainingState): TrainingState {
  const weights = state.weights.map(({ kernel, bias }) => ({ kernel: nudge(kernel), bias: nudge(bias) }));
  return { ...state, weights };
}

function nudge(values: Float32Array): Float32Array {
  const moved = values.slice();
  const bits = new Int32Array(moved.buffer);
  bits.forEach((value, i) => {
    bits[i] = value + (i % 2 === 0 ? 1 : -1);
  });
  return moved;
}

const flat = (layers: LayerParameters[]) => layers.flatMap(({ kernel, bias }) => [...kernel, ...bias]);
const size = (values: number[]) => Math.hypot(...values);
const apart = (a: number[], b: number[]) => size(a.map((value, i) => value - (b[i] ?? 0)));

/** One step of both engines from a shared state, within ten times the effect of one ulp in the weights. */
function expectAgreement(other: Engine, { testCase, batches }: DrawnCase, state: TrainingState): void {
  for (const batch of batches) {
    const ours = stepOf(explorer, testCase, state, batch);
    const theirs = stepOf(other, testCase, state, batch);
    const moved = stepOf(explorer, testCase, nudged(state), batch);
    expect(ours.record.finite).toEqual(theirs.record.finite);
    expect(ours.record.skipped).toBe(theirs.record.skipped);
    if (!ours.record.finite.loss || !ours.record.finite.gradients) continue;
    const numbers = (record: typeof ours.record) => [record.loss, record.rawGradientNorm, record.weightNorm];
    numbers(ours.record).forEach((value, i) => {
      const conditioned = 10 * Math.abs((numbers(moved.record)[i] ?? 0) - value);
      const floor = 1e-5 * Math.max(1, Math.abs(value));
      expect(Math.abs(value - (numbers(theirs.record)[i] ?? 0))).toBeLessThan(conditioned + floor);
    });
    ours.record.layers.forEach((layer, l) => {
      for (const name of ["maxCell", "maxHidden", "gradientNorm", "maxWeight"] as const) {
        const conditioned = 10 * Math.abs((moved.record.layers[l]?.[name] ?? 0) - layer[name]);
        const difference = Math.abs(layer[name] - (theirs.record.layers[l]?.[name] ?? 0));
        expect(difference, `layer ${l} ${name}`).toBeLessThan(conditioned + 1e-5 * layer[name] + 1e-6);
      }
    });
    for (const what of ["gradients", "weights"] as const) {
      const [a, b, c] = [ours[what], theirs[what], moved[what]].map(flat) as [number[], number[], number[]];
      expect(apart(a, b), what).toBeLessThan(10 * apart(a, c) + 1e-5 * size(a) + 1e-6);
    }
  }
}

test.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("one step of tfjs-%s from a shared state", (backend) => {
  test.each(Array.from({ length: 25 }, (_, i) => `agree/${i}`))("%s", (seed) => {
    const drawn = drawCase(seed, { top: "tanh" });
    expectAgreement(tfjs(backend), drawn, drawn.state);
    const run = explorer.start(drawn.testCase, drawn.state);
    for (const batch of [...drawn.batches, ...drawn.batches]) run.step(batch);
    const middle = run.state();
    run.dispose();
    if (flat(middle.weights).every(Number.isFinite)) expectAgreement(tfjs(backend), drawn, middle);
  });
});

test.each(Array.from({ length: 12 }, (_, i) => `trace/${i}`))("%s: the trace of tfjs-cpu", (seed) => {
  const { testCase, state, batches } = drawCase(seed, {
    top: "tanh",
    loss: { normalise: { kind: "tensorflow" } },
  });
  for (const batch of batches) {
    const ours = explorer.start(testCase, state);
    const theirs = tfjs("cpu").start(testCase, state);
    const mine = [...ours.trace(batch)];
    const reference = [...theirs.trace(batch)];
    const shape = (groups: typeof mine) =>
      groups.map(({ phase, timestep, layer, tensors }) => [
        phase,
        timestep,
        layer,
        tensors.map(({ name, columns, values }) => [name, columns, values.length]),
      ]);
    expect(shape(mine)).toEqual(shape(reference));
    mine.forEach(({ phase, timestep, layer, tensors }, g) => {
      tensors.forEach(({ name, values }, i) => {
        const expected = Array.from(reference[g]?.tensors[i]?.values ?? []);
        const error = apart(Array.from(values), expected);
        expect(error, `${phase} ${timestep} ${layer} ${name}`).toBeLessThan(2e-3 * size(expected) + 1e-5);
      });
    });
    ours.dispose();
    theirs.dispose();
  }
});

test("a trace changes nothing, and its last values are the step's own", () => {
  const { testCase, state, batches } = drawCase("trace/state");
  const [first, second] = batches;
  if (!first || !second) throw new Error("two batches are drawn");
  const run = explorer.start(testCase, state);
  run.step(first);
  const before = [run.state(), run.previousState()];
  const groups = [...run.trace(second)];
  expect([run.state(), run.previousState()]).toEqual(before);
  run.step(second);
  const updated = groups.filter(({ phase }) => phase === "update");
  expect(updated.map(({ tensors }) => tensors.at(-2)?.values)).toEqual(
    run.state().weights.map(({ kernel }) => kernel),
  );
  run.dispose();
});

test("deaths have the signature that tfjs-cpu gives them", () => {
  const signatures = new Set<string>();
  for (let i = 0; i < 120; i++) {
    const { testCase, state, batches } = drawCase(`death/${i}`, {
      weightScale: 2,
      inputScale: 10 ** (i % 40),
      size: 8,
      activations: i % 3 === 0 ? ["relu", "tanh"] : ["relu", "relu", "tanh"],
    });
    const run = explorer.start(testCase, state);
    const record = batches[0] && run.step(batches[0]);
    run.dispose();
    if (!record || !isFatal(record) || !batches[0]) continue;
    const [ours, theirs] = [explorer, tfjs("cpu")].map((engine) => {
      const again = engine.start(testCase, state);
      const diagnosis = diagnose(testCase, batches[0] as Batch, again.trace(batches[0] as Batch));
      again.dispose();
      return diagnosis;
    });
    expect(ours?.signature, `death/${i}`).toBe(theirs?.signature);
    if (ours) signatures.add(ours.signature);
  }
  expect(signatures.size).toBeGreaterThan(3);
});
