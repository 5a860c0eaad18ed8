import { checkConsistency } from "./consistency.ts";
import { caseFields } from "./schema.ts";

/**
 * The schema of a case: a whole training run as plain JSON, nothing hidden, no defaults. Every size is bounded (LIMITS)
 * and unknown keys are refused.
 */
export const trainingCaseSchema = caseFields.superRefine(checkConsistency);
