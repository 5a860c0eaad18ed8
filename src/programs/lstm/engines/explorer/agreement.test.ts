import { describe, expect, test } from "vitest";
import { isFatal } from "../../../stepRecord.ts";
import { diagnose } from "../../diagnosis/diagnosis.ts";
import { BACKENDS, LEFT_OUT, openBackends } from "../tfjs/testing/backends.ts";
import { explorerEngine } from "./engine.ts";
import { apart, expectAgreement, size } from "./testing/agreement.ts";
import { drawCase } from "./testing/cases.ts";

const explorer = explorerEngine();
const tfjs = await openBackends();

test.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("one step of tfjs-%s from a shared state", (backend) => {
  test.each(Array.from({ length: 25 }, (_, i) => `agree/${i}`))("%s", (seed) => {
    const drawn = drawCase(seed, { top: "tanh" });
    const { normalise, padding } = drawn.testCase.loss;
    // Counted padding is a zero vector, of which the naive form makes 0/0: those steps are alike in their flags alone.
    const comparable = normalise.kind === "naive" && padding === "counted" ? 0 : drawn.batches.length;
    expect(expectAgreement(explorer, tfjs(backend), drawn, drawn.state, seed)).toBe(comparable);
    const run = explorer.start(drawn.testCase, drawn.state);
    for (const batch of [...drawn.batches, ...drawn.batches]) run.step(batch);
    const middle = run.state();
    run.dispose();
    expect(expectAgreement(explorer, tfjs(backend), drawn, middle, `${seed}, middle`)).toBe(comparable);
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
    const [batch] = batches;
    if (batch === undefined) throw new Error("two batches are drawn");
    const run = explorer.start(testCase, state);
    const record = run.step(batch);
    run.dispose();
    if (!isFatal(record)) continue;
    const [ours, theirs] = [explorer, tfjs("cpu")].map((engine) => {
      const again = engine.start(testCase, state);
      const diagnosis = diagnose(testCase, batch, again.trace(batch));
      again.dispose();
      return diagnosis?.signature ?? "none";
    });
    expect(ours, `death/${i}`).toMatch(/^[a-z]+\/[a-z-]+\/[a-z]+$/);
    expect(ours, `death/${i}`).toBe(theirs);
    if (ours) signatures.add(ours);
  }
  expect(signatures.size).toBeGreaterThan(3);
});
