import { type CapturedStep, stepCase } from "../fixtures/capture.ts";
import { rerun } from "../fixtures/replay.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { Diagnosis } from "../training/diagnosis.ts";
import type { Engine } from "../training/engine.ts";
import { trimStep } from "./trim.ts";

/** A fixture that is not on disk yet. */
export interface Finding {
  fixture: Fixture;
  binary?: Uint8Array;
}

/**
 * Makes a step fixture of a fatal step: trims it, runs it once more from what would be written,
 * and expects what that run showed.
 * @returns Null when the written-out step does not die of the same signature: nothing to keep.
 */
export async function findingOf(
  engine: Engine,
  captured: CapturedStep,
  death: Diagnosis,
  provenance: Omit<Fixture["provenance"], "captured" | "engine">,
): Promise<Finding | null> {
  const trimmed = stepCase(trimStep(engine, captured, death));
  const { trajectory, digest } = await rerun(engine, trimmed.case, {
    folder: ".",
    ...(trimmed.binary && { binary: trimmed.binary }),
  });
  if (trajectory.status !== "failed" || trajectory.death.diagnosis?.signature !== death.signature)
    return null;
  const { signature, site, firstNaN, operation, ending } = trajectory.death.diagnosis;
  const fixture: Fixture = {
    schemaVersion: 1,
    grade: "step",
    case: trimmed.case,
    expected: {
      signature,
      step: trajectory.death.step,
      site,
      firstNaN,
      operation,
      ending,
      digests: { [engine.name]: digest },
    },
    provenance: {
      ...provenance,
      engine: engine.name,
      captured: { rows: captured.batch.rows, time: captured.batch.time },
    },
  };
  return { fixture, ...(trimmed.binary && { binary: trimmed.binary }) };
}
