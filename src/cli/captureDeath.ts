import type { DataSource } from "../cases/batch.ts";
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
import { Draft } from "./draft.ts";

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
  kept: Draft | null;
}

/** What capturing tells while it goes on, and what stops it. */
interface CaptureHooks extends Required<Pick<ShrinkOptions, "signal" | "onProgress">> {
  /** The death is on disk as far as it has come; what follows makes it smaller and surer. */
  onKept: (kept: CapturedDeath) => void;
  /** What is being done from now on, in words. */
  onPart: (part: string) => void;
}

/** Where fixtures go, and what of the run they name. */
export interface CaptureOptions {
  preset: string;
  seed: string;
  shrink: boolean;
  out: string;
}

/** Writes a fatal step down before its cause is looked for, so that it is on disk whatever comes. */
export function keepStep(
  run: StandingRun,
  record: StepRecord,
  options: CaptureOptions,
): { draft: Draft; death: CapturedDeath } {
  const { captured, provenance } = fatalStepOf(run, record.step, options);
  const finding = unexaminedFinding(run.engine, captured, record, provenance);
  const draft = new Draft(options.out, finding);
  return { draft, death: capturedDeath(draft.path, finding, []) };
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
 * it is cut out, again once it is trimmed, and once it is shrunk, so that whoever loses patience, or power, has it.
 */
export async function captureDeath(
  { trajectory, kept, ...run }: EndedRun,
  options: CaptureOptions,
  { signal, onProgress, onKept, onPart }: CaptureHooks,
): Promise<CapturedDeath | null> {
  if (trajectory.status !== "failed" || trajectory.death.diagnosis === null) {
    kept?.remove();
    return null;
  }
  const { engine } = run;
  const { shrink, out } = options;
  const { step, diagnosis } = trajectory.death;
  const { captured, provenance } = fatalStepOf(run, step, options);
  const untried = wholeFinding(engine, captured, diagnosis, provenance);
  const whole = kept?.replacedBy(untried) ?? new Draft(out, untried);
  onKept(capturedDeath(whole.path, untried, []));
  onPart(`on disk whole, in ${shownPath(whole.path)}; dropping rows and timesteps`);
  const trimmed = await bareFinding(engine, captured, diagnosis, provenance, { kind: "none" });
  if (trimmed === null) {
    whole.remove();
    return null;
  }
  let draft = whole.replacedBy(trimmed);
  onKept(capturedDeath(draft.path, trimmed, []));
  onPart(`kept in ${shownPath(draft.path)}, and Ctrl-C leaves it at that; making it smaller and surer`);

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
    draft = draft.replacedBy(best);
    onKept(capturedDeath(draft.path, best, []));
  }
  const finding = await completeFinding(engine, best, others, onPart);
  const path = writeFixture(out, finding.fixture, finding.binary);
  draft.remove(path);
  const slips =
    shrunk === null
      ? []
      : await slipFindings(engine, { ...finding, slips: shrunk.slips }, others, passes(), onPart);
  return capturedDeath(
    path,
    finding,
    slips.map((slip) => ({
      fixture: shownPath(writeFixture(out, slip.fixture, slip.binary)),
      signature: slip.fixture.expected.signature,
    })),
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
