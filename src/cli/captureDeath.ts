import type { DataSource } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { openEngine } from "../engines/open.ts";
import type { Finding } from "../findings/finding.ts";
import { findingStages } from "../findings/pipeline.ts";
import { writtenStages } from "../findings/written.ts";
import { version } from "../package.ts";
import type { Trajectory } from "../programs/trajectory.ts";
import { shownPath } from "../reporters/shownPath.ts";
import type { CapturedDeath } from "../reporters/train.ts";
import type { ShrinkOptions } from "../shrink/shrinkStep.ts";
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
  const stages = findingStages({
    host: engine,
    captured: { case: testCase, state: training.previousState(), batch: data.batch(step - 1) },
    death: diagnosis,
    provenance: { nanproof: version(), preset, data: data.description, seed, step, run: testCase },
    others: async () => (engine.name === CONFIRMING_ENGINE ? [] : [await openEngine(CONFIRMING_ENGINE)]),
    shrinking: shrink ? { kind: "passes", budget: SHRINK_BUDGET, signal, onProgress } : { kind: "none" },
    draft: true,
  });
  let captured: CapturedDeath | null = null;
  for await (const stage of writtenStages(stages, out))
    switch (stage.kind) {
      case "whole":
        onPart(`on disk whole, in ${shownPath(stage.path)}; dropping rows and timesteps`);
        break;
      case "trimmed":
        onKept(capturedDeath(stage.path, stage.finding));
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
        if (stage.of === "death") captured = capturedDeath(stage.path, stage.finding);
        else
          captured?.slips.push({
            fixture: shownPath(stage.path),
            signature: stage.finding.fixture.expected.signature,
          });
    }
  return captured;
}

function capturedDeath(path: string, { fixture, before }: Finding): CapturedDeath {
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
    slips: [],
  };
}
