import * as z from "zod";
import { LIMITS } from "../../documents/limits.ts";
import { type Intervention, knobValuesSchema } from "../protocol.ts";

/** A run of a person's program, or one step of it by itself. */
export const programCaseSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Values of its knobs by name; null of a script, which has none. */
  knobs: knobValuesSchema.nullable(),
  /** The seed of its randomness; counts from 1. */
  seed: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  /** The most steps of its run. */
  steps: z.int().min(1).max(LIMITS.steps),
  /** Of a step by itself: its number in the run that it was cut out of. State and batch are in the file beside the fixture. */
  cutOutAt: z.int().min(1).max(LIMITS.steps).optional(),
});

/** A run of a person's program, or one step of it by itself. */
export type ProgramCase = z.infer<typeof programCaseSchema> & Remedied;

/** The changes of a case by a remedy, besides other knobs; no fixture has them. */
interface Remedied {
  /** The intervention in every step from outside of the program. */
  intervention?: Intervention;
  /** The path of another file that is run instead of the program's. */
  fixedBy?: string;
}

/** The space that a hunt of a program draws from: all knobs but those that are given here. */
export interface ProgramSpace {
  pinned: KnobValues;
  /** The most steps of a case. */
  steps: number;
}

/** Values of knobs by name. */
export type KnobValues = NonNullable<ProgramCase["knobs"]>;
