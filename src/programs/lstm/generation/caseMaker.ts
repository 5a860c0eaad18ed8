import { randomStream } from "../../../numerics/random.ts";
import type { CaseRef } from "../../generating.ts";
import type { Domain } from "../cases/domains.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { drawCase } from "./drawCase.ts";
import { mutate } from "./mutate.ts";
import { trainingCase } from "./trainingCase.ts";

/** Settings that fix every case of a hunt, each by its index. */
export interface CaseSpace {
  domain: Domain;
  /** The case that gives what the domain does not draw. */
  base: TrainingCase;
  seed: string;
}

/**
 * Makes the cases of a hunt. Each depends on the hunt's seed and its index alone, a mutant also on its parent.
 * @throws UsageError when the largest case of the domain is over the bounds of a case.
 */
export function caseMaker({ domain, base, seed }: CaseSpace): (ref: CaseRef<TrainingCase>) => TrainingCase {
  const cases = trainingCase(domain, base);
  return ({ index, parent }) => {
    const fresh = drawCase(cases, seed, `hunt/${index}`);
    return parent === null ? fresh : mutate(parent, fresh, randomStream(seed, `hunt/${index}/mutate`));
  };
}
