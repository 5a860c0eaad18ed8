import type { Steps } from "../client/coroutine.ts";
import type { ProgramInvariant } from "../client/invariants.ts";
import type { Observed } from "../client/observe.ts";
import { disposeResult } from "../client/replays.ts";
import type { HostedTraining } from "../client/seam.ts";
import type { Snapshot } from "../client/tfjs/parts.ts";
import { watchRawGradients } from "../client/tfjs/rawGradients.ts";
import type { HostRecord, Intervention } from "../protocol.ts";
import { intervene } from "./intervene.ts";
import { recordOf } from "./record.ts";

/** The training of a case, within a call of `step`. */
export interface Run {
  hosted: HostedTraining;
  /** The batch that `step` was called with last. */
  batch: readonly unknown[];
  /** The program's own last step: the state before it, and its batch. */
  last: { before: Snapshot; batch: unknown[] } | null;
  /** Runs one step that is not the program's own, from the state as it is. */
  step(before: Snapshot, batch: readonly unknown[]): Steps<HostRecord>;
  /** Runs the program's own step. */
  ownStep(before: Snapshot, batch: readonly unknown[]): Steps<{ result: unknown; record: HostRecord }>;
  record(before: Snapshot, observed: Observed, rawGradient: number | null): HostRecord;
}

/**
 * Opens a training that has called `step` for the first time.
 * @param invariants Those of the program.
 * @param stepNumber The number of the step that runs.
 * @param intervention What is done to every step.
 */
export function openRun(
  hosted: HostedTraining,
  invariants: readonly ProgramInvariant[],
  stepNumber: () => number,
  intervention: Intervention,
): Run {
  const { training } = hosted;
  if (intervention.clipNorm !== undefined) training.gradients.clipTo(intervention.clipNorm);
  const record: Run["record"] = (before, observed, raw) =>
    recordOf(hosted, invariants, stepNumber(), before, observed, raw);
  const ownStep: Run["ownStep"] = function* (before, batch) {
    const raw = watchRawGradients();
    let norm: number | null = null;
    let observed: Observed;
    try {
      observed = yield* hosted.observe(batch);
    } finally {
      norm = raw.end().norm;
    }
    const { observed: told, skipped } = intervene(training, intervention, before, observed);
    return { result: observed.result, record: { ...record(before, told, norm), skipped } };
  };
  return {
    hosted,
    batch: [],
    last: null,
    ownStep,
    record,
    *step(before, batch) {
      const { result, record } = yield* ownStep(before, batch);
      disposeResult(result);
      return record;
    },
  };
}
