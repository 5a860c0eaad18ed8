import { checkConsistency } from "./consistency.ts";
import { caseFields } from "./schema.ts";

/**
 * What to train: plain JSON, nothing hidden, no defaults. Every size is bounded (LIMITS) and
 * unknown keys are refused.
 */
export const trainingCaseSchema = caseFields.superRefine(checkConsistency);
