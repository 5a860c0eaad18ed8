import { drawCase } from "../cases/arbitrary/drawCase.ts";
import { trainingCase } from "../cases/arbitrary/trainingCase.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { randomStream } from "../numerics/random.ts";
import { mutate } from "./mutate.ts";
import type { CaseRef, CaseSpace } from "./tasks.ts";

/**
 * Makes the cases of a hunt. Each depends on the hunt's seed and its index alone, a mutant also on its parent.
 * @throws UsageError when the largest case of the domain is over the bounds of a case.
 */
export function caseMaker({ domain, base, seed }: CaseSpace): (ref: CaseRef) => TrainingCase {
  const cases = trainingCase(domain, base);
  return ({ index, parent }) => {
    const fresh = drawCase(cases, seed, `hunt/${index}`);
    return parent === null ? fresh : mutate(parent, fresh, randomStream(seed, `hunt/${index}/mutate`));
  };
}
