import * as fc from "fast-check";
import { xorshift128plusFromState } from "pure-rand/generator/xorshift128plus";
import { randomStream } from "../../../numerics/random.ts";
import type { TrainingCase } from "../cases/schema.ts";

/**
 * Draws one case, unbiased: no value is likelier for being at the edge of its range. It depends on
 * seed and label alone, whatever was drawn before.
 *
 * @param cases What {@link trainingCase} makes, once for all draws.
 */
export function drawCase(cases: fc.Arbitrary<TrainingCase>, seed: string, label: string): TrainingCase {
  const random = randomStream(seed, label);
  const state = [0, 0, 0, 0].map(() => random.integer(2 ** 32) | 0);
  return cases.generate(new fc.Random(xorshift128plusFromState(state)), undefined).value;
}
