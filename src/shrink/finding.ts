import { type CapturedStep, type StepCase, stepCase } from "../fixtures/capture.ts";
import { measureFixes } from "../fixtures/judge.ts";
import { rerun } from "../fixtures/replay.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { Diagnosis } from "../training/diagnosis.ts";
import type { Engine, EngineName } from "../training/engine.ts";
import { trimStep } from "./trim.ts";

/** A fixture that is not on disk yet. */
export interface Finding {
  fixture: Fixture;
  binary?: Uint8Array;
}

/**
 * Makes a step fixture of a fatal step: trims it, and runs what would be written once more, on the
 * engine that found it and on others.
 * @param others Engines to confirm the death on; the fixture says on which it reproduces.
 * @returns Null when the written-out step does not die of the same signature on its own engine: nothing to keep.
 */
export async function findingOf(
  engine: Engine,
  captured: CapturedStep,
  death: Diagnosis,
  provenance: Omit<Fixture["provenance"], "captured" | "engine">,
  others: readonly Engine[],
): Promise<Finding | null> {
  const trimmed = stepCase(trimStep(engine, captured, death));
  const own = await dies(engine, trimmed);
  if (own === null || own.diagnosis.signature !== death.signature) return null;
  const digests: Fixture["expected"]["digests"] = { [engine.name]: own.digest };
  const versions: Fixture["expected"]["versions"] = { [engine.name]: engine.version };
  for (const other of others) {
    const seen = await dies(other, trimmed);
    if (seen?.diagnosis.signature !== death.signature) continue;
    digests[other.name] = seen.digest;
    versions[other.name] = other.version;
  }
  const { signature, site, firstNaN, operation, ending } = own.diagnosis;
  const fixture: Fixture = {
    schemaVersion: 1,
    grade: "step",
    case: trimmed.case,
    expected: {
      signature,
      step: 1,
      site,
      firstNaN,
      operation,
      ending,
      reproducesOn: Object.keys(digests) as EngineName[],
      digests,
      versions,
    },
    provenance: {
      ...provenance,
      engine: engine.name,
      captured: { rows: captured.batch.rows, time: captured.batch.time },
    },
  };
  const binary = trimmed.binary && { binary: trimmed.binary };
  const fixes = await measureFixes({ path: ".", fixture, ...binary }, engine);
  return { fixture: { ...fixture, fixes }, ...binary };
}

/** What a written-out step dies of on an engine; null where it lives. */
async function dies(engine: Engine, { case: testCase, binary }: StepCase) {
  const { trajectory, digest } = await rerun(engine, testCase, { folder: ".", ...(binary && { binary }) });
  const diagnosis = trajectory.status === "failed" ? trajectory.death.diagnosis : null;
  return diagnosis && { diagnosis, digest };
}
