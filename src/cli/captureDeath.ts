import type { DataSource } from "../cases/batch.ts";
import type { UsageError } from "../cases/errors.ts";
import { shellWord } from "../cases/printable.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { openEngine } from "../engines/open.ts";
import { writeFixture } from "../fixtures/store.ts";
import { version } from "../package.ts";
import { shownPath } from "../reporters/shownPath.ts";
import type { CapturedDeath } from "../reporters/train.ts";
import {
  bareFinding,
  completeFinding,
  type Finding,
  type Shrinking,
  unexaminedFinding,
  wholeFinding,
} from "../shrink/finding.ts";
import type { ShrinkOptions } from "../shrink/shrinkStep.ts";
import { slipFindings } from "../shrink/slipFindings.ts";
import { CONFIRMING_ENGINE, type Engine, type Training } from "../training/engine.ts";
import type { StepRecord } from "../training/stepRecord.ts";
import type { Trajectory } from "../training/trajectory.ts";

import { type Draft, writtenIfRoom } from "./draft.ts";

/**
 * For all that is made smaller of one death together. Far past what that takes on the explorer; an engine that is slow,
 * or a step that is huge, is stopped here with the best so far.
 */
const SHRINK_BUDGET = { candidates: 20_000, ms: 60_000 };

/** A run that stands after its last step. */
interface StandingRun {
  engine: Engine;
  testCase: TrainingCase;
  training: Training;
  data: DataSource;
}

/** A run that has ended. */
interface EndedRun extends StandingRun {
  trajectory: Trajectory;
  /** Its fatal step, as {@link keepStep} has kept it. */
  draft: Draft;
}

/** What capturing tells while it goes on, and what stops it. */
interface CaptureHooks extends Required<Pick<ShrinkOptions, "signal" | "onProgress">> {
  /** The death is on disk as far as it has come; what follows makes it smaller and surer. */
  onKept: (kept: CapturedDeath) => void;
  /** What is being done from now on, in words. */
  onPart: (part: string) => void;
  /** A fixture has no room; a smaller one may have. */
  onUnwritten: (error: UsageError) => void;
}

/** Where fixtures go, and what of the run they name. */
export interface CaptureOptions {
  preset: string;
  seed: string;
  shrink: boolean;
  out: string;
}

/** Writes a fatal step down before its cause is looked for, so that it is on disk whatever comes; null where it cannot be. */
export function keepStep(
  run: StandingRun,
  record: StepRecord,
  options: CaptureOptions,
  draft: Draft,
): CapturedDeath | null {
  const { captured, provenance } = fatalStepOf(run, record.step, options);
  const written = draft.write(unexaminedFinding(run.engine, captured, record, provenance));
  return written && capturedDeath(written.path, written.finding, []);
}

function fatalStepOf(
  { testCase, training, data }: StandingRun,
  step: number,
  { preset, seed }: CaptureOptions,
) {
  return {
    captured: { case: testCase, state: training.previousState(), batch: data.batch(step - 1) },
    provenance: { nanproof: version(), preset, data: data.description, seed, step, run: testCase },
  };
}

/**
 * Writes the fixtures of a run's death; null where it did not die, or would not die again. It is written as soon as
 * it is cut out, again once it is trimmed, and once it is shrunk, so that whoever loses patience, or power, has it. Where
 * the disk has no room for one of them the next smaller one is tried.
 * @throws UsageError when the last of them cannot be written; the one before it is on disk then, if it was.
 */
export async function captureDeath(
  { trajectory, draft, ...run }: EndedRun,
  options: CaptureOptions,
  { signal, onProgress, onKept, onPart, onUnwritten }: CaptureHooks,
): Promise<CapturedDeath | null> {
  if (trajectory.status !== "failed" || trajectory.death.diagnosis === null) {
    draft.leaveTo(null);
    return null;
  }
  const { engine } = run;
  const { shrink, out } = options;
  const { step, diagnosis } = trajectory.death;
  const { captured, provenance } = fatalStepOf(run, step, options);
  const whole = draft.write(wholeFinding(engine, captured, diagnosis, provenance));
  if (whole !== null) onKept(capturedDeath(whole.path, whole.finding, []));
  onPart(
    whole === null
      ? "not on disk yet; dropping rows and timesteps"
      : `on disk whole, in ${shellWord(shownPath(whole.path))}; dropping rows and timesteps`,
  );
  const trimmed = await bareFinding(engine, captured, diagnosis, provenance, { kind: "none" });
  if (trimmed === null) {
    draft.leaveTo(null);
    return null;
  }
  const small = draft.write(trimmed);
  if (small !== null) {
    onKept(capturedDeath(small.path, small.finding, []));
    onPart(
      `kept in ${shellWord(shownPath(small.path))}, and Ctrl-C leaves it at that; making it smaller and surer`,
    );
  }

  const others = engine.name === CONFIRMING_ENGINE ? [] : [await openEngine(CONFIRMING_ENGINE)];
  const start = performance.now();
  const passes = (): Shrinking => ({
    kind: "passes",
    budget: { ...SHRINK_BUDGET, ms: SHRINK_BUDGET.ms - (performance.now() - start) },
    signal,
    onProgress,
  });
  const shrunk = shrink ? await bareFinding(engine, captured, diagnosis, provenance, passes()) : null;
  const best = shrunk && shrunk.fixture.size.numbers <= trimmed.fixture.size.numbers ? shrunk : trimmed;
  if (best === shrunk) {
    const better = draft.write(best);
    if (better !== null) onKept(capturedDeath(better.path, better.finding, []));
  }
  const finding = await completeFinding(engine, best, others, onPart);
  const path = writeFixture(out, finding.fixture, finding.binary);
  draft.leaveTo(path);
  const slips =
    shrunk === null
      ? []
      : await slipFindings(engine, { ...finding, slips: shrunk.slips }, others, passes(), onPart);
  return capturedDeath(
    path,
    finding,
    slips.flatMap((slip) => {
      const written = writtenIfRoom(out, slip, onUnwritten);
      return written === null
        ? []
        : [{ fixture: shownPath(written), signature: slip.fixture.expected.signature }];
    }),
  );
}

function capturedDeath(
  path: string,
  { fixture, before }: Finding,
  slips: CapturedDeath["slips"],
): CapturedDeath {
  const { expected, sentence, size, minimal, fixes } = fixture;
  return {
    fixture: shownPath(path),
    reproducesOn: expected.reproducesOn,
    confirmed: expected.reproducesOn.includes(CONFIRMING_ENGINE),
    sentence,
    before,
    after: size,
    minimal,
    fixesTried: fixes !== undefined,
    slips,
  };
}
