import type { StepRecord } from "../programs/stepRecord.ts";
import type { Trajectory } from "../programs/trajectory.ts";

/** The verdict of an invariant on a run. */
export type Verdict =
  | { status: "holds" }
  | {
      status: "violated";
      /** Counts from 1. */
      step: number;
      /** The quantity and its value. */
      message: string;
      /** Of the run's death, where the violation is that. */
      signature: string | null;
    }
  | { status: "inconclusive"; reason: string };

/** A claim that must be true of every step of a run. */
export interface Invariant<Case = unknown> {
  name: string;
  check(trajectory: Trajectory, testCase: Case): Verdict;
}

/**
 * An invariant that looks at the steps one by one.
 * @param broken Says what is wrong with a step; null where nothing is.
 */
export function eachStep<Case>(
  name: string,
  broken: (record: StepRecord, testCase: Case) => string | null,
): Invariant<Case> {
  return {
    name,
    check: (trajectory, testCase) => {
      for (const record of trajectory.records) {
        const message = broken(record, testCase);
        if (message !== null) return violated(trajectory, record.step, message);
      }
      return unlessCutShort(trajectory);
    },
  };
}

/** A violation at a step, with the signature of the death where the run died there. */
export function violated(trajectory: Trajectory, step: number, message: string): Verdict {
  const death = trajectory.status === "failed" && trajectory.death.step === step ? trajectory.death : null;
  return { status: "violated", step, message, signature: death?.diagnosis?.signature ?? null };
}

/** `holds` where the run went on to its end and all of it was looked at. */
export function unlessCutShort(trajectory: Trajectory): Verdict {
  const { status, steps, records } = trajectory;
  if (records.length < steps)
    return {
      status: "inconclusive",
      reason: `only the last ${records.length} of ${steps} steps are on record: check the others as the run goes on`,
    };
  if (status === "completed") return { status: "holds" };
  return {
    status: "inconclusive",
    reason: `the run ${status === "failed" ? "died of something else" : "was interrupted"} at step ${steps}, before its end`,
  };
}
