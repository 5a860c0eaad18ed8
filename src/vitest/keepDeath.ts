import { findingOf, type Shrinking } from "../findings/pipeline.ts";
import { runToDeath } from "../findings/runToDeath.ts";
import { rewriteFixture } from "../fixtures/store.ts";
import { version } from "../package.ts";
import type { CapturedStep } from "../programs/lstm/cases/capturedStep.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import type { Diagnosis } from "../programs/lstm/diagnosis/diagnosis.ts";
import type { Engine } from "../programs/lstm/engines/engine.ts";

/** Options of {@link keepDeath}. */
export interface KeepOptions {
  /** The file to write, whatever it held before. */
  path: string;
  shrinking: Shrinking<CapturedStep, Diagnosis>;
  /** Engines to confirm the death on. */
  others: readonly Engine[];
}

/**
 * Runs a case that dies and writes its fatal step as a fixture.
 * @returns True where a death was written: the run may live, or its fatal step by itself may.
 * @throws UsageError when the file cannot be written.
 */
export async function keepDeath(
  engine: Engine,
  testCase: TrainingCase,
  { path, shrinking, others }: KeepOptions,
): Promise<boolean> {
  const { dead } = await runToDeath(engine, testCase, { folder: "." });
  if (dead === null) return false;
  const provenance = {
    nanproof: version(),
    preset: "none: a case of a test",
    data: dead.description,
    seed: testCase.init.kind === "glorot" ? testCase.init.seed : "none",
    step: dead.step,
  };
  const { step, death } = dead.fatal;
  const finding = await findingOf(engine, step, death, provenance, others, shrinking);
  if (finding === null || finding.binary !== undefined) return false;
  rewriteFixture(path, finding.fixture);
  return true;
}
