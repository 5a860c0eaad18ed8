import { runSession, type StopSignal } from "../../run.ts";
import type { Violation } from "../../stepInvariant.ts";
import type { StepRecord } from "../../stepRecord.ts";
import type { Trajectory } from "../../trajectory.ts";
import type { DataSource } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import type { Engine, Training } from "./engine.ts";
import { sessionOf } from "./session.ts";

/** What a run tells while it goes on. */
export interface RunHooks {
  /** After every step, the fatal one included, of that with the invariant that it broke. May train no further, but may evaluate. */
  onStep?: (record: StepRecord, training: Training, violation: Violation | null) => void;
  /** Ends the run after the step at hand. */
  signal?: StopSignal;
}

/**
 * Trains until the case's steps are done, a step is fatal or the signal says stop. The training
 * stands after the last step and stays open: its owner disposes of it.
 */
export async function train(
  engine: Engine,
  testCase: TrainingCase,
  training: Training,
  data: DataSource,
  { onStep, signal }: RunHooks = {},
): Promise<Trajectory<Diagnosis>> {
  return runSession(engine, sessionOf(engine, testCase, training, data), {
    ...(onStep && { onStep: (record, _session, violation) => onStep(record, training, violation) }),
    ...(signal && { signal }),
  });
}
