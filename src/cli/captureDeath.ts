import type { DataSource } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { openEngine } from "../engines/open.ts";
import { writeFixture } from "../fixtures/store.ts";
import type { CapturedDeath } from "../reporters/train.ts";
import { type Finding, findingOf, type Shrinking } from "../shrink/finding.ts";
import type { ShrinkOptions } from "../shrink/shrinkStep.ts";
import { slipFindings } from "../shrink/slipFindings.ts";
import { CONFIRMING_ENGINE, type Engine, type Training } from "../training/engine.ts";
import type { Trajectory } from "../training/trajectory.ts";
import { shownPath } from "./output.ts";
import { version } from "./version.ts";

/** Far past what a shrink takes on the explorer; an engine that is slow is stopped here with the best so far. */
const SHRINK_BUDGET = { candidates: 20_000, ms: 60_000 };

/** A run that has ended. */
interface EndedRun {
  engine: Engine;
  testCase: TrainingCase;
  training: Training;
  data: DataSource;
  trajectory: Trajectory;
}

/** Writes the fixtures of a run's death; null where it did not die, or would not die again. */
export async function captureDeath(
  { engine, testCase, training, data, trajectory }: EndedRun,
  { preset, seed, shrink, out }: { preset: string; seed: string; shrink: boolean; out: string },
  { signal, onProgress }: Required<Pick<ShrinkOptions, "signal" | "onProgress">>,
): Promise<CapturedDeath | null> {
  if (trajectory.status !== "failed" || trajectory.death.diagnosis === null) return null;
  const { step, diagnosis } = trajectory.death;
  const captured = { case: testCase, state: training.previousState(), batch: data.batch(step - 1) };
  const provenance = { nanproof: version(), preset, data: data.description, seed, step, run: testCase };
  const others = engine.name === CONFIRMING_ENGINE ? [] : [await openEngine(CONFIRMING_ENGINE)];
  const shrinking: Shrinking = shrink
    ? { kind: "passes", budget: SHRINK_BUDGET, signal, onProgress }
    : { kind: "none" };
  const finding = await findingOf(engine, captured, diagnosis, provenance, others, shrinking);
  const slips = finding === null ? [] : await slipFindings(engine, finding, others, shrinking);
  if (finding === null) return null;
  const write = ({ fixture, binary }: Finding) => shownPath(writeFixture(out, fixture, binary));
  const { expected, sentence, size, minimal } = finding.fixture;
  const { reproducesOn } = expected;
  return {
    fixture: write(finding),
    reproducesOn,
    confirmed: reproducesOn.includes(CONFIRMING_ENGINE),
    sentence,
    before: finding.before,
    after: size,
    minimal,
    slips: slips.map((slip) => ({ fixture: write(slip), signature: slip.fixture.expected.signature })),
  };
}
