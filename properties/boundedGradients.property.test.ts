/**
 * Claim: with the `hardened` preset the gradient norm stays below 1e18 before it is clipped (at 1.84e19 a square overflows
 * in Adam's second moment), and within the clip's limit after. Clipping alone, as the accepted answer has it, gives neither.
 */
import { test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import "../src/vitest.ts";
import { boundedGradients } from "../src/invariants/boundedGradients.ts";
import { DOMAINS } from "../src/programs/lstm/cases/domains.ts";
import { presets } from "../src/programs/lstm/cases/presets.ts";
import { trainingCase } from "../src/programs/lstm/generation/trainingCase.ts";
import { clippedGradients } from "../src/programs/lstm/invariants/clippedGradients.ts";
import { overflow, PUBLISHED, under, verdictOf } from "./testing/examples.ts";
import { profile } from "./testing/profile.ts";

const raw = profile("gradient norm below 1e18", 300);
const applied = profile("gradient norm within the clip", 200);
const cases = trainingCase(DOMAINS.wide, presets.hardened);

describe(raw.name, () => {
  test.prop([cases], raw)("holds of hardened", (testCase) => expect(testCase).toHold(boundedGradients()));

  it.each(PUBLISHED)("is violated by %s: the gradient is NaN", async (preset) => {
    expect(await verdictOf(boundedGradients(), under(preset, overflow()))).toMatchObject({
      status: "violated",
    });
  });
});

describe(applied.name, () => {
  test.prop([cases], applied)("holds of hardened", (testCase) => expect(testCase).toHold(clippedGradients));

  it("is violated by published-clip: what is NaN before the clip is NaN after it", async () => {
    expect(await verdictOf(clippedGradients, under("published-clip", overflow()))).toMatchObject({
      status: "violated",
      signature: "forward/recurrence-overflow/relu",
    });
  });
});
