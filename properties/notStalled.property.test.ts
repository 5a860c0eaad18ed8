/**
 * Claim: with the `hardened` preset no parameter freezes. Without its clip a gradient of 1.84e19 overflows in Adam's second
 * moment: tfjs's form of Adam divides by that infinity for ever, and nothing but the weight that does not move shows it.
 */
import { test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import "../src/vitest.ts";
import { notStalled } from "../src/invariants/notStalled.ts";
import { DOMAINS } from "../src/programs/lstm/cases/domains.ts";
import { presets } from "../src/programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../src/programs/lstm/cases/schema.ts";
import { openEngine } from "../src/programs/lstm/engines/open.ts";
import { trainingCase } from "../src/programs/lstm/generation/trainingCase.ts";
import { sharedStep } from "../src/programs/lstm/relations/sharedStep.ts";
import { PUBLISHED, verdictOf } from "./testing/examples.ts";
import { profile } from "./testing/profile.ts";
import { tinyCase } from "./testing/tinyCase.ts";

const TFJS_ADAM = {
  kind: "adam",
  form: "tfjs",
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clip: { kind: "none" },
  skipNonFinite: false,
} as const;
const runs = profile("not stalled", 300);

/** A unit of output 0, whose gradient is 1e6, and an input of 1e15: the kernel's gradient is 2.5e20. */
const huge = (base: TrainingCase) => tinyCase(base, [[1e15]], [[1]]);

describe(runs.name, () => {
  test.prop([trainingCase(DOMAINS.wide, presets.hardened)], runs)("holds of hardened", (testCase) =>
    expect(testCase).toHold(notStalled),
  );

  it.each(PUBLISHED)("is violated by %s: one unit, one number", async (preset) => {
    expect(await verdictOf(notStalled, huge(presets[preset]))).toMatchObject({ status: "violated", step: 1 });
  });

  it("holds of hardened there", async () => {
    expect(await verdictOf(notStalled, huge(presets.hardened))).toEqual({ status: "holds" });
  });

  it("with tfjs's form of Adam the candidate's weight stays where it is for ever, and no NaN shows", async () => {
    const explorer = await openEngine("explorer");
    const testCase: TrainingCase = { ...huge(presets.published), optimizer: TFJS_ADAM };
    const { state, batch } = sharedStep(explorer, testCase, 0);
    const training = explorer.start(testCase, state);
    for (let step = 0; step < 10; step++)
      expect(training.step(batch)).toMatchObject({ finite: { loss: true, weights: true, moments: false } });
    const { kernel = [], bias = [] } = training.state().weights[0] ?? {};
    training.dispose();
    expect(kernel[1]).toBe(0);
    expect(Math.abs(bias[1] ?? 0)).toBeGreaterThan(1e-3);
  });
});
