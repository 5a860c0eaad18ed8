import type { TraceDiagnosis } from "../diagnosis/diagnose.ts";
import type { BrokenRule } from "./invariants.ts";
import type { DeadAt } from "./observe.ts";

/** The record of a step that died, as JSON. */
export interface CapturedRecord {
  step: number;
  loss: number;
  dead: DeadAt | null;
  gauges: Record<string, number>;
  violated?: BrokenRule[];
}

/** A death of a person's own script, as it is written beside its state and batch. */
export interface Capture {
  kind: "capture";
  /** A script has no knobs and no seed. */
  knobs: null;
  seed: null;
  step: number;
  program: { name: string; sha256: string | null };
  versions: Record<string, string>;
  record: CapturedRecord;
  /** True where the step, run again from the same state, gives other bits. */
  flaky: boolean;
  /** The reason for that, as far as it is known. */
  why: string | null;
  /** File names beside this one. */
  state: string;
  batch: string;
  trace: string | null;
  /** Notes on what the trace could not show. */
  notes: string[];
  /** The death's name and place, where the trace shows them. */
  expected: Pick<TraceDiagnosis, "signature" | "site"> | null;
}
