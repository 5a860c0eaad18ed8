import { describe, expect, it } from "vitest";
import { describeIssues } from "../../../documents/schemaIssues.ts";
import { FLOAT32_UNDERFLOW } from "../../../numerics/float32.ts";
import { presets } from "./presets.ts";
import type { TrainingCase } from "./schema.ts";
import { trainingCaseSchema } from "./trainingCase.ts";

const { published } = presets;
const adam = { ...presets.published.optimizer };
const glorot = (scale: number) => ({ kind: "glorot", seed: "1", scale });
const clip = (limit: number) => ({ optimizer: { ...adam, clip: { kind: "globalNorm", limit } } });

/** Numbers over 0, each put into the published case. */
const POSITIVE: [field: string, put: (value: number) => object][] = [
  ["optimizer.learningRate", (learningRate) => ({ optimizer: { ...adam, learningRate } })],
  ["optimizer.clip.limit", clip],
  ["init.scale", (scale) => ({ init: glorot(scale) })],
  ["model.cellClip", (cellClip) => ({ model: { ...published.model, cellClip } })],
  [
    "loss.normalise.epsilon",
    (epsilon) => ({ loss: { ...published.loss, normalise: { kind: "epsilon", epsilon } } }),
  ],
];
/** Numbers that may be 0. */
const FINITE: [field: string, put: (value: number) => object][] = [
  ["loss.l2", (l2) => ({ loss: { ...published.loss, l2 } })],
  ["optimizer.epsilon", (epsilon) => ({ optimizer: { ...adam, epsilon } })],
  ["optimizer.beta1", (beta1) => ({ optimizer: { ...adam, beta1 } })],
  ["model.forgetBias", (forgetBias) => ({ model: { ...published.model, forgetBias } })],
];

function problem(change: object): string | null {
  const testCase = { ...published, ...change } as TrainingCase;
  const { success, error } = trainingCaseSchema.safeParse(testCase);
  return success ? null : describeIssues(testCase, error.issues);
}

describe("a number of a case is what it says as float32", () => {
  it.each(POSITIVE)("%s", (field, put) => {
    expect(problem(put(0.5))).toBe(null);
    expect(problem(put(1.5 * FLOAT32_UNDERFLOW))).toBe(null);
    for (const rounded of [0, FLOAT32_UNDERFLOW, 1e-50])
      expect(problem(put(rounded))).toBe(
        `${field} is ${rounded}: give a number over 0 as float32 holds it: more than 7.01e-46`,
      );
    expect(problem(put(1e39))).toMatch(`${field} is 1e+39: give less than 3.4028235`);
  });

  it.each(FINITE)("%s", (field, put) => {
    expect(problem(put(0))).toBe(null);
    expect(problem(put(0.5))).toBe(null);
    expect(problem(put(1e-50))).toBe(
      `${field} is 1e-50, which float32 rounds to 0: give 0, or a number further from it than 7.01e-46`,
    );
    expect(problem(put(1e39))).toMatch(`${field} is 1e+39: give less than `);
  });

  it("a decay rate stays under 1", () => {
    const put = (beta2: number) => problem({ optimizer: { ...adam, beta2 } });
    expect(put(0.9999999)).toBe(null);
    expect(put(0.99999999)).toMatch("optimizer.beta2 is 0.99999999: give less than 0.99999997");
  });
});
