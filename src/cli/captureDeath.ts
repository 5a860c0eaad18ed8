import { existsSync } from "node:fs";
import type { DataSource } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { openEngine } from "../engines/open.ts";
import { fixturePath, removeFixture, writeFixture } from "../fixtures/store.ts";
import { version } from "../package.ts";
import type { Trajectory } from "../programs/trajectory.ts";
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
import type { Diagnosis } from "../training/diagnosis.ts";
import { CONFIRMING_ENGINE, type Engine, type Training } from "../training/engine.ts";

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
  trajectory: Trajectory<Diagnosis>;
}

/** What capturing tells while it goes on, and what stops it. */
interface CaptureHooks extends Required<Pick<ShrinkOptions, "signal" | "onProgress">> {
  /** The death is on disk as it was cut out; what follows makes it smaller and surer. */
  onKept: (kept: CapturedDeath) => void;
  /** What is being done from now on, in words. */
  onPart: (part: string) => void;
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
 * it is cut out, and again once it is trimmed, so that whoever loses patience, or power, has it.
 */
export async function captureDeath(
  { engine, testCase, training, data, trajectory }: EndedRun,
  { preset, seed, shrink, out }: CaptureOptions,
  { signal, onProgress, onKept, onPart }: CaptureHooks,
): Promise<CapturedDeath | null> {
  if (trajectory.status !== "failed" || trajectory.death.diagnosis === null) return null;
  const { step, diagnosis } = trajectory.death;
  const captured = { case: testCase, state: training.previousState(), batch: data.batch(step - 1) };
  const provenance = { nanproof: version(), preset, data: data.description, seed, step, run: testCase };
  const whole = new Draft(out, wholeFinding(engine, captured, diagnosis, provenance));
  onPart(`on disk whole, in ${shownPath(whole.path)}; dropping rows and timesteps`);
  const trimmed = await bareFinding(engine, captured, diagnosis, provenance, { kind: "none" });
  if (trimmed === null) {
    whole.remove();
    return null;
  }
  const draft = whole.replacedBy(trimmed);
  onKept(capturedDeath(draft.path, trimmed, []));

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

/** A fixture that stands on disk until a better one does. */
class Draft {
  readonly path: string;
  readonly #folder: string;
  /** Whether it was there before, and is not ours to touch. */
  readonly #isOlder: boolean;

  /** @param before The draft that it takes the place of. */
  constructor(folder: string, { fixture, binary }: Finding, before?: Draft) {
    this.#folder = folder;
    this.path = fixturePath(folder, fixture, binary);
    this.#isOlder = before?.path === this.path ? before.#isOlder : existsSync(this.path);
    if (!this.#isOlder) writeFixture(folder, fixture, binary);
  }

  /** Writes a better one, then takes this one away. */
  replacedBy(finding: Finding): Draft {
    const better = new Draft(this.#folder, finding, this);
    this.remove(better.path);
    return better;
  }

  /** Takes it away, unless it is the better one itself. */
  remove(better?: string): void {
    if (!this.#isOlder && this.path !== better) removeFixture(this.path);
  }
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
