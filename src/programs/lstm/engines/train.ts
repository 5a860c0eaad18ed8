import { runSession, type StopSignal } from "../../run.ts";
import type { Violation } from "../../stepInvariant.ts";
import type { StepRecord } from "../../stepRecord.ts";
import type { Trajectory } from "../../trajectory.ts";
import type { DataSource } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import type { Engine, Training } from "./engine.ts";
import { sessionOf } from "./session.ts";

/** Hooks into a run, and the signal that ends it. */
export interface RunHooks {
  /** Called after every step, after the fatal one with the invariant that it broke. May evaluate, but must not train. */
  onStep?: (record: StepRecord, training: Training, violation: Violation | null) => void;
  /** Ends the run after the step at hand. */
  signal?: StopSignal;
}

/**
 * Trains until the case's steps are done, a step is fatal or the signal says stop. The training
 * stays open in the state after the last step: its owner disposes of it.
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
