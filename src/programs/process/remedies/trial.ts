import type { Host } from "../../program.ts";
import type { HostRecord } from "../../protocol.ts";
import type { StopSignal } from "../../run.ts";
import { DEFAULT_INVARIANTS, type StepInvariant, watchAll } from "../../stepInvariant.ts";
import type { StepRecord } from "../../stepRecord.ts";
import type { StepTrial, Trial, Trials } from "../../trial.ts";
import type { ProgramCase } from "../case.ts";
import { ProgramError } from "../errors.ts";
import type { Hosting } from "../hosting.ts";
import { stepRecordOf } from "../record.ts";
import { openRun } from "../session.ts";
import { stepOf } from "../step.ts";
import { codeOf } from "./code.ts";
import { interventions } from "./interventions.ts";

/** A process that has loaded a person's file, and those of their own fixed ones. */
export interface FixedHost extends Pick<Host, "invariants"> {
  readonly hosting: Hosting;
  /** Of each file that is tried as a remedy, by its path. */
  readonly fixed?: ReadonlyMap<string, Hosting>;
}

/** The gauge by which a program reports its validation loss. */
const VALIDATION = "validationLoss";

/** The process that runs a case: the program's own, or that of the file that is to mend it. */
export function hostingOf({ hosting, fixed }: FixedHost, { fixedBy }: ProgramCase): Hosting {
  if (fixedBy === undefined) return hosting;
  const other = fixed?.get(fixedBy);
  if (other === undefined) throw new Error(`no process was started of ${fixedBy}`);
  return other;
}

/** The trials of remedies of a person's program. */
export const trials: Trials<ProgramCase> = {
  more: interventions,
  run: (host, { fixed, ofSteps }, _, signal) => trial(host as FixedHost, fixed, ofSteps, signal),
  step: (host, fixed, { binary }) => onStep(host as FixedHost, fixed, binary),
  firstLoss: (host, testCase) => firstLoss(host as FixedHost, testCase),
  code: (fix, host) => codeOf(fix, (host as FixedHost).hosting),
};

/**
 * Trains a case from its start for its steps, and keeps its losses. A run that the program ends before lives as long as it goes.
 * @param ofSteps What the program is told that the run has, at least: what it plans by its length stays as it was.
 */
async function trial(
  host: FixedHost,
  fixed: ProgramCase,
  ofSteps: number,
  signal: StopSignal,
): Promise<Trial> {
  const nothing = { loss: Number.NaN, validationLoss: Number.NaN };
  const look = watchAll(host.invariants ?? DEFAULT_INVARIANTS);
  const records: StepRecord[] = [];
  const skipped = () => records.filter((record) => record.skipped).length;
  try {
    const opened = { ...fixed, steps: Math.max(ofSteps, fixed.steps) };
    const session = await openRun(hostingOf(host, fixed), opened, host.invariants);
    while (records.length < fixed.steps) {
      if (signal.aborted) return { lives: null, steps: records.length, skipped: skipped(), ...nothing };
      const record = await session.step();
      if (record === null) break;
      records.push(record);
      if (look(record) !== null)
        return { lives: false, steps: records.length, skipped: skipped(), ...nothing };
    }
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { lives: null, steps: records.length, skipped: skipped(), ...nothing, why: error.message };
  }
  const last = records.slice(-Math.ceil(records.length / 10));
  // Where steps are left out, the others are those that are easy: their loss says nothing beside that of all.
  const isOfAll = last.every((record) => !record.skipped);
  return {
    lives: true,
    steps: records.length,
    skipped: skipped(),
    loss: isOfAll ? mean(last.map(({ loss }) => loss)) : Number.NaN,
    validationLoss: mean(
      last.filter(({ skipped: isLeftOut }) => !isLeftOut).flatMap(({ gauges }) => gauges[VALIDATION] ?? []),
    ),
  };
}

/** Runs the fatal step with a remedy. One whose state or batch the program does not take any more is not judged. */
async function onStep(
  host: FixedHost,
  fixed: ProgramCase,
  binary: Uint8Array | undefined,
): Promise<StepTrial> {
  const hosting = hostingOf(host, fixed);
  try {
    await hosting.standing(fixed);
    const files = hosting.written(stepOf(fixed, binary));
    try {
      const [record] = (await hosting.run(files, 1)).records;
      return { holds: record === undefined || livesIn(record, host.invariants) };
    } finally {
      hosting.drop(files);
    }
  } catch (error) {
    if (error instanceof ProgramError) return { why: error.message };
    throw error;
  }
}

function livesIn(record: HostRecord, invariants: readonly StepInvariant[] = DEFAULT_INVARIANTS): boolean {
  return watchAll(invariants)(stepRecordOf(record)) === null;
}

/** The loss of a run's first step, before anything is trained; NaN where it takes none. */
async function firstLoss(host: FixedHost, testCase: ProgramCase): Promise<number> {
  try {
    const session = await openRun(hostingOf(host, testCase), testCase, host.invariants);
    const record = await session.step();
    return record?.loss ?? Number.NaN;
  } catch (error) {
    if (error instanceof ProgramError) return Number.NaN;
    throw error;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
