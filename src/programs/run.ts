import type { Diagnosis } from "./death.ts";
import type { Host } from "./program.ts";
import type { Session } from "./session.ts";
import { DEFAULT_INVARIANTS, type Violation, watchAll } from "./stepInvariant.ts";
import { isAllFinite, isFatal, type StepRecord } from "./stepRecord.ts";
import { RECORDS_KEPT, type Trajectory } from "./trajectory.ts";

/** Says when to stop; an AbortSignal is one. */
export type StopSignal = Pick<AbortSignal, "aborted">;

/** Functions that a run calls while it goes on, and the signal that ends it. */
export interface SessionHooks {
  /** Called after every step, the fatal one included, with the invariant that it broke. */
  onStep?: (record: StepRecord, session: Session, violation: Violation | null) => void;
  /** Called before the cause of a death is looked for, which may take long or never end: what is to be kept is kept now. */
  onDeath?: (record: StepRecord, violation: Violation) => Promise<void>;
  /** Ends the run after the step at hand. */
  signal?: StopSignal;
}

/** Milliseconds between two turns of the event loop, so that signals and progress get through. */
const TURN_MS = 30;

/**
 * Trains until the case's steps are done, a step breaks an invariant of the host, the program ends or the signal says stop. The session
 * stays open after the last step: its owner disposes of it.
 */
export async function runSession<D extends Diagnosis>(
  { program, invariants = DEFAULT_INVARIANTS }: Host<unknown, unknown, D>,
  session: Session<unknown, D>,
  { onStep, onDeath, signal }: SessionHooks = {},
): Promise<Trajectory<D>> {
  const look = watchAll(invariants);
  const records: StepRecord[] = [];
  let taken = 0;
  let turned = performance.now();
  while (taken < session.steps) {
    if (performance.now() - turned > TURN_MS) {
      await new Promise(setImmediate);
      turned = performance.now();
    }
    if (signal?.aborted) return { status: "interrupted", steps: taken, records };
    const answer = session.step();
    const record = answer instanceof Promise ? await answer : answer;
    if (record === null) break;
    taken += 1;
    records.push(record);
    if (records.length === 2 * RECORDS_KEPT) records.splice(0, RECORDS_KEPT);
    const violation = look(record);
    onStep?.(record, session, violation);
    if (violation === null) continue;
    await onDeath?.(record, violation);
    const why = isAllFinite(record) ? null : await session.diagnose();
    // What is not finite and shows nowhere is a death without a cause; another invariant names itself.
    const diagnosis = why ?? (isFatal(record) ? null : program.violation(violation));
    return { status: "failed", steps: taken, records, death: { step: record.step, record, diagnosis } };
  }
  return { status: "completed", steps: taken, records };
}
