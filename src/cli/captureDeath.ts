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
  wholeFinding,
} from "../shrink/finding.ts";
import type { ShrinkOptions } from "../shrink/shrinkStep.ts";
import { slipFindings } from "../shrink/slipFindings.ts";
import { CONFIRMING_ENGINE, type Engine, type Training } from "../training/engine.ts";
import type { Trajectory } from "../training/trajectory.ts";
import { Draft, writtenIfRoom } from "./draft.ts";

/**
 * For all that is made smaller of one death together. Far past what that takes on the explorer; an engine that is slow,
 * or a step that is huge, is stopped here with the best so far.
 */
const SHRINK_BUDGET = { candidates: 20_000, ms: 60_000 };

/** A run that has ended. */
interface EndedRun {
  engine: Engine;
  testCase: TrainingCase;
  training: Training;
  data: DataSource;
  trajectory: Trajectory;
}

/** What capturing tells while it goes on, and what stops it. */
interface CaptureHooks extends Required<Pick<ShrinkOptions, "signal" | "onProgress">> {
  /** The death is on disk as it was cut out; what follows makes it smaller and surer. */
  onKept: (kept: CapturedDeath) => void;
  /** What is being done from now on, in words. */
  onPart: (part: string) => void;
  /** A fixture has no room; a smaller one may have. */
  onUnwritten: (error: UsageError) => void;
}

/** Where fixtures go, and what of the run they name. */
interface CaptureOptions {
  preset: string;
  seed: string;
  shrink: boolean;
  out: string;
}

/**
 * Writes the fixtures of a run's death; null where it did not die, or would not die again. It is written as soon as
 * it is cut out, and again once it is trimmed, so that whoever loses patience, or power, has it. Where the disk has
 * no room for one of them the next smaller one is tried.
 * @throws UsageError when the last of them cannot be written; the one before it is on disk then, if it was.
 */
export async function captureDeath(
  { engine, testCase, training, data, trajectory }: EndedRun,
  { preset, seed, shrink, out }: CaptureOptions,
  { signal, onProgress, onKept, onPart, onUnwritten }: CaptureHooks,
): Promise<CapturedDeath | null> {
  if (trajectory.status !== "failed" || trajectory.death.diagnosis === null) return null;
  const { step, diagnosis } = trajectory.death;
  const captured = { case: testCase, state: training.previousState(), batch: data.batch(step - 1) };
  const provenance = { nanproof: version(), preset, data: data.description, seed, step, run: testCase };
  const draft = new Draft(out, onUnwritten);
  const whole = draft.write(wholeFinding(engine, captured, diagnosis, provenance));
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
  const kept = draft.write(trimmed);
  if (kept !== null) onKept(capturedDeath(kept.path, kept.finding, []));

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
