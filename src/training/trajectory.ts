import type { Diagnosis } from "./diagnosis.ts";
import type { StepRecord } from "./stepRecord.ts";

/** How a run came to die. */
export interface Death {
  /** The fatal step; counts from 1. */
  step: number;
  record: StepRecord;
  /** Null when going over the step again did not show the non-finite value. */
  diagnosis: Diagnosis | null;
}

/** What happened in a run, step by step, and how it ended. */
export type Trajectory = { records: StepRecord[] } & (
  | { status: "completed" }
  | { status: "failed"; death: Death }
  | { status: "interrupted" }
);
