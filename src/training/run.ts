import type { DataSource } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { diagnose } from "./diagnosis.ts";
import type { Engine, Training } from "./engine.ts";
import { isFatal, type StepRecord } from "./stepRecord.ts";
import { type Death, RECORDS_KEPT, type Trajectory } from "./trajectory.ts";

/** Says when to stop; an AbortSignal is one. */
export type StopSignal = Pick<AbortSignal, "aborted">;

/** What a run tells while it goes on. */
export interface RunHooks {
  /** After every step, the fatal one included. May train no further, but may evaluate. */
  onStep?: (record: StepRecord, training: Training) => void;
  /** Ends the run after the step at hand. */
  signal?: StopSignal;
}

/** Milliseconds between two turns of the event loop, so that signals and progress get through. */
const TURN_MS = 30;

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
): Promise<Trajectory> {
  const records: StepRecord[] = [];
  let steps = 0;
  let turned = performance.now();
  while (steps < testCase.steps) {
    if (performance.now() - turned > TURN_MS) {
      await new Promise(setImmediate);
      turned = performance.now();
    }
    if (signal?.aborted) return { status: "interrupted", steps, records };
    const record = training.step(data.batch(steps));
    steps += 1;
    records.push(record);
    if (records.length === 2 * RECORDS_KEPT) records.splice(0, RECORDS_KEPT);
    onStep?.(record, training);
    if (isFatal(record))
      return { status: "failed", steps, records, death: examine(engine, testCase, training, data, record) };
  }
  return { status: "completed", steps, records };
}

/** Goes over the step that the training took last, from the state before it. */
function examine(
  engine: Engine,
  testCase: TrainingCase,
  training: Training,
  data: DataSource,
  record: StepRecord,
): Death {
  const batch = data.batch(record.step - 1);
  const again = engine.start(testCase, training.previousState());
  try {
    return { step: record.step, record, diagnosis: diagnose(testCase, batch, again.trace(batch)) };
  } finally {
    again.dispose();
  }
}
