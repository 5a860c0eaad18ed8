import type { Diagnosis } from "../diagnosis/diagnose.ts";
import type { Violation } from "./invariants.ts";
import type { DeadAt } from "./observe.ts";

/** What is known of a step that died, as JSON. */
export interface CapturedRecord {
  step: number;
  loss: number;
  dead: DeadAt | null;
  gauges: Record<string, number>;
  violated?: Violation[];
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
  /** Whether the step, run again from the same state, does not come to the same bits. */
  flaky: boolean;
  /** What is known of why. */
  why: string | null;
  /** File names beside this one. */
  state: string;
  batch: string;
  trace: string | null;
  /** What the trace could not tell. */
  notes: string[];
  /** The death's name and place, where the trace tells them. */
  expected: Pick<Diagnosis, "signature" | "site"> | null;
}
