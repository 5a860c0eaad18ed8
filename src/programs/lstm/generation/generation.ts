import { UnsupportedCaseError, UsageError } from "../../../documents/errors.ts";
import type { Generation } from "../../generating.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Engine } from "../engines/engine.ts";
import { type CaseSpace, caseMaker } from "./caseMaker.ts";
import { guidance } from "./guidance.ts";
import { labelsOf } from "./labels.ts";
import { checkLargest, largestCase } from "./largest.ts";

/** Settings that a hunt of the LSTM draws from: a domain, and a base case for what the domain leaves out. */
export type LstmSpace = Omit<CaseSpace, "seed">;

/** The maker of the cases of a hunt of the LSTM. */
export const generation: Generation<TrainingCase> = {
  guidance,
  cases: (space, seed) => ({ at: caseMaker({ ...(space as LstmSpace), seed }) }),
  labels: labelsOf,
  check(host, space) {
    const engine = host as Engine;
    const { domain, base } = space as LstmSpace;
    checkLargest(domain, base);
    try {
      engine.check?.(largestCase(domain, base));
    } catch (error) {
      if (!(error instanceof UnsupportedCaseError)) throw error;
      throw new UsageError(
        "NANPROOF_E_DOMAIN",
        `the domain's largest case cannot be run: ${error.message}`,
        `narrow the domain: lower units.max, layers.count.max, rows.max or time.max (or, where a flag gives them, the flag); or ${error.hint}`,
      );
    }
  },
};
