/**
 * Claim: with the `hardened` preset every weight of every run stays finite. The published program and both fixes that were
 * proposed for it break that.
 */
import { test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import "../src/vitest.ts";
import { finiteWeights } from "../src/invariants/finiteWeights.ts";
import { DOMAINS } from "../src/programs/lstm/cases/domains.ts";
import { presets } from "../src/programs/lstm/cases/presets.ts";
import { trainingCase } from "../src/programs/lstm/generation/trainingCase.ts";
import { discardedStep, overflow, PUBLISHED, under, verdictOf } from "./testing/examples.ts";
import { profile } from "./testing/profile.ts";

const runs = profile("finite weights", 300);

describe(runs.name, () => {
  test.prop([trainingCase(DOMAINS.wide, presets.hardened)], runs)("holds of hardened", (testCase) =>
    expect(testCase).toHold(finiteWeights),
  );

  it.each(PUBLISHED)("is violated by %s: the overflow of a growing cell", async (preset) => {
    expect(await verdictOf(finiteWeights, under(preset, overflow()))).toMatchObject({
      status: "violated",
      signature: "forward/recurrence-overflow/relu",
    });
  });

  it.each(PUBLISHED)(
    "is violated by %s: a finished row beside a longer one, though it adds nothing to the loss",
    async (preset) => {
      expect(await verdictOf(finiteWeights, under(preset, discardedStep()))).toMatchObject({
        status: "violated",
        signature: "forward/discarded-step-overflow/relu",
      });
    },
  );
});
