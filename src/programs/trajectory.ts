import type { Diagnosis } from "./death.ts";
import type { StepRecord } from "./stepRecord.ts";

/** Records that a trajectory keeps whatever the length of the run: some 10 MB. Collect more in `onStep`. */
export const RECORDS_KEPT = 10_000;

/** The death of a run. */
export interface Death<D extends Diagnosis = Diagnosis> {
  /** The fatal step; counts from 1. */
  step: number;
  record: StepRecord;
  /** Null when a second, slow run of the step did not show the non-finite value. */
  diagnosis: D | null;
}

/** The course of a run, step by step, and its end. */
export type Trajectory<D extends Diagnosis = Diagnosis> = {
  /** Steps taken, the fatal one included. */
  steps: number;
  /** The record of every step; of a run of more than {@link RECORDS_KEPT} the last ones, at least so many. */
  records: StepRecord[];
} & ({ status: "completed" } | { status: "failed"; death: Death<D> } | { status: "interrupted" });
