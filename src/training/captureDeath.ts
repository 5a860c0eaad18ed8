import type { UsageError } from "../documents/errors.ts";
import { shellWord } from "../documents/printable.ts";
import type { Draft, Written } from "../findings/draft.ts";
import type { Finding } from "../findings/finding.ts";
import { type FatalStep, findingStages, unexaminedFinding } from "../findings/pipeline.ts";
import { writtenStages } from "../findings/written.ts";
import { version } from "../package.ts";
import type { DataSource } from "../programs/lstm/cases/batch.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import type { Diagnosis } from "../programs/lstm/diagnosis/diagnosis.ts";
import { CONFIRMING_ENGINE, type Engine, type Training } from "../programs/lstm/engines/engine.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import type { Trajectory } from "../programs/trajectory.ts";
import { shownPath } from "../reporters/shownPath.ts";
import type { CapturedDeath } from "../reporters/train.ts";
import type { ShrinkOptions } from "../shrink/shrinkStep.ts";

/**
 * The budget for all shrinking of one death together, far over what it takes on the explorer. A slow engine, or a huge
 * step, is stopped here with the smallest step so far.
 */
const SHRINK_BUDGET = { candidates: 20_000, ms: 60_000 };

/** A run, open in the state after its last step. */
interface StandingRun {
  engine: Engine;
  testCase: TrainingCase;
  training: Training;
  data: DataSource;
}

/** A run that has ended. */
interface EndedRun extends StandingRun {
  trajectory: Trajectory<Diagnosis>;
  /** Its fatal step, as {@link keepStep} has kept it. */
  draft: Draft;
}

/** Hooks into capturing, and the signal that stops it. */
interface CaptureHooks extends Required<Pick<ShrinkOptions, "signal" | "onProgress">> {
  /** Called when the death is on disk as it is so far; the rest makes it smaller and surer. */
  onKept: (kept: CapturedDeath) => void;
  /** Called when the next part of the work begins, with its name. */
  onPart: (part: string) => void;
  /** Called when a fixture cannot be written. */
  onUnwritten: (error: UsageError) => void;
}

/** Folder of the fixtures, and what they say of the run. */
export interface CaptureOptions {
  preset: string;
  seed: string;
  shrink: boolean;
  out: string;
}

/** Writes a fatal step down before its cause is looked for, so that it is on disk whatever comes; null where it cannot be written. */
export function keepStep(
  run: StandingRun,
  fatal: FatalStep,
  options: CaptureOptions,
  draft: Draft,
): CapturedDeath | null {
  const { captured, provenance } = fatalStepOf(run, fatal.record.step, options);
  const written = draft.write(unexaminedFinding(run.engine, captured, fatal, provenance));
  return written && capturedDeath(written);
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
 * Writes the fixtures of a run's death; null where it did not die, or would not die again.
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
  const { step, diagnosis } = trajectory.death;
  const stages = findingStages({
    host: engine,
    ...fatalStepOf(run, step, options),
    death: diagnosis,
    others: async () => (engine.name === CONFIRMING_ENGINE ? [] : [await openEngine(CONFIRMING_ENGINE)]),
    shrinking: options.shrink
      ? { kind: "passes", budget: SHRINK_BUDGET, signal, onProgress }
      : { kind: "none" },
    draft: true,
  });
  let captured: CapturedDeath | null = null;
  for await (const stage of writtenStages(stages, options.out, draft, onUnwritten)) {
    if ("written" in stage && stage.written !== null && stage.kind !== "done")
      onKept(capturedDeath(stage.written));
    switch (stage.kind) {
      case "whole":
        onPart(
          stage.written === null
            ? "not on disk yet; dropping rows and timesteps"
            : `on disk whole, in ${shellWord(shownPath(stage.written.path))}; dropping rows and timesteps`,
        );
        break;
      case "trimmed":
        if (stage.written !== null)
          onPart(
            `kept in ${shellWord(shownPath(stage.written.path))}, and Ctrl-C leaves it at that; making it smaller and surer`,
          );
        break;
      case "confirming":
        onPart(`confirming it on ${stage.on.join(", ")}`);
        break;
      case "tryingFixes":
        onPart("trying the known fixes on it");
        break;
      case "slip":
        onPart(`also met ${stage.signature}; making that one smaller`);
        break;
      case "done":
        if (stage.written === null) break;
        if (stage.of === "death") captured = capturedDeath(stage.written);
        else captured?.slips.push(slipOf(stage.written));
    }
  }
  return captured;
}

function slipOf({ path, finding: { fixture } }: Written): CapturedDeath["slips"][number] {
  return { fixture: shownPath(path), signature: fixture.expected.signature };
}

function capturedDeath({ path, finding }: { path: string; finding: Finding }): CapturedDeath {
  const { fixture, before } = finding;
  return {
    fixture: shownPath(path),
    contents: fixture,
    confirmed: fixture.expected.reproducesOn.includes(CONFIRMING_ENGINE),
    before,
    slips: [],
  };
}
