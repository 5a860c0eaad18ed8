/**
 * Claim: a cosine distance summed along the embedding, and a mean of such, lies in [0, 2]. Summed along time, as the published
 * program sums it, it is no cosine distance: it falls below 0, and a thing's distance to itself is not 0.
 */
import { test } from "@fast-check/vitest";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import "../src/vitest.ts";
import { DOMAINS } from "../src/programs/lstm/cases/domains.ts";
import { presets } from "../src/programs/lstm/cases/presets.ts";
import { loadBackend } from "../src/programs/lstm/engines/tfjs/backend.ts";
import { cosineDistance, normalise } from "../src/programs/lstm/engines/tfjs/loss.ts";
import { trainingCase } from "../src/programs/lstm/generation/trainingCase.ts";
import { lossInRange } from "../src/programs/lstm/invariants/lossInRange.ts";
import { PUBLISHED, verdictOf } from "./testing/examples.ts";
import { profile } from "./testing/profile.ts";
import { tinyCase } from "./testing/tinyCase.ts";

const runs = profile("cosine distance in [0, 2]", 300);

beforeAll(() => loadBackend("cpu"));

/** The distance of a row of three timesteps to itself. */
function toItself(preset: keyof typeof presets): number {
  const { loss } = presets[preset];
  return tf.tidy(() => {
    const unit = normalise(loss.normalise, tf.tensor3d([[[1], [2], [3]]]));
    return cosineDistance(loss, unit, unit, Int32Array.of(3)).dataSync()[0] as number;
  });
}

describe(runs.name, () => {
  test.prop([trainingCase(DOMAINS.wide, presets.hardened)], runs)("holds of hardened", (testCase) =>
    expect(testCase).toHold(lossInRange),
  );

  it.each(PUBLISHED)(
    "is violated by %s: one unit learns three equal targets, and the distance goes below 0",
    async (preset) => {
      const testCase = { ...tinyCase(presets[preset], [[1], [1], [1]], [[1], [1], [1]]), steps: 3 };
      expect(await verdictOf(lossInRange, testCase)).toMatchObject({ status: "violated" });
      expect(
        await verdictOf(lossInRange, { ...testCase, loss: { ...testCase.loss, axis: "embedding" } }),
      ).toEqual({
        status: "holds",
      });
    },
  );

  it("the distance of a thing to itself is 0 with hardened, and 1 less the timesteps, -2, with published", () => {
    expect(toItself("hardened")).toBe(0);
    for (const preset of PUBLISHED) expect(toItself(preset)).toBe(-2);
  });
});
