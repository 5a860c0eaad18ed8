/**
 * Claim: with the `hardened` preset every loss of every run is finite. The published program and both fixes that were
 * proposed for it break that.
 */
import { test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import "../src/vitest.ts";
import { finiteLoss } from "../src/invariants/finiteLoss.ts";
import { DOMAINS } from "../src/programs/lstm/cases/domains.ts";
import { presets } from "../src/programs/lstm/cases/presets.ts";
import { trainingCase } from "../src/programs/lstm/generation/trainingCase.ts";
import { overflow, PUBLISHED, under, verdictOf } from "./testing/examples.ts";
import { profile } from "./testing/profile.ts";

const runs = profile("finite loss", 300);

describe(runs.name, () => {
  test.prop([trainingCase(DOMAINS.wide, presets.hardened)], runs)("holds of hardened", (testCase) =>
    expect(testCase).toHold(finiteLoss),
  );

  it.each(PUBLISHED)("is violated by %s: the overflow of a growing cell", async (preset) => {
    expect(await verdictOf(finiteLoss, under(preset, overflow()))).toMatchObject({
      status: "violated",
      signature: "forward/recurrence-overflow/relu",
    });
  });
});
