import * as fc from "fast-check";
import { compareCases, orderedCase } from "../cases/order.ts";
import type { TrainingCase } from "../cases/schema.ts";

/**
 * The same cases, shrinking only to simpler ones. A draw mostly gets simpler by itself when it
 * shrinks; but a longer row has room for more holes, and with one layout gone another may show.
 */
export function simplifying(cases: fc.Arbitrary<TrainingCase>): fc.Arbitrary<TrainingCase> {
  return new Simplifying(cases);
}

class Simplifying extends fc.Arbitrary<TrainingCase> {
  readonly #cases: fc.Arbitrary<TrainingCase>;

  constructor(cases: fc.Arbitrary<TrainingCase>) {
    super();
    this.#cases = cases;
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<TrainingCase> {
    return this.#cases.generate(random, biasFactor);
  }

  override canShrinkWithoutContext(value: unknown): value is TrainingCase {
    return this.#cases.canShrinkWithoutContext(value);
  }

  override shrink(value: TrainingCase, context: unknown): fc.Stream<fc.Value<TrainingCase>> {
    const before = orderedCase(value);
    return this.#cases
      .shrink(value, context)
      .filter((smaller) => compareCases(orderedCase(smaller.value), before) < 0);
  }
}
