import type { CapturedStep } from "../cases/capturedStep.ts";
import type { CaseSize } from "../cases/size.ts";
import { type StepCase, stepCase } from "../fixtures/capture.ts";
import { measureFixes } from "../fixtures/judge.ts";
import { rerun } from "../fixtures/replay.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { Diagnosis } from "../training/diagnosis.ts";
import { ENGINE_NAMES, type Engine, type EngineName } from "../training/engine.ts";
import { onBatch } from "./edits/batch.ts";
import { stepSize } from "./edits/numbers.ts";
import { growthIn } from "./growth.ts";
import type { DyingStep } from "./pass.ts";
import type { ResumedShrink } from "./savedShrink.ts";
import { stepSentence } from "./sentence.ts";
import { type ShrinkOptions, type ShrunkStep, shrinkStep } from "./shrinkStep.ts";
import { trimStep } from "./trim.ts";

/** A fixture that is not on disk yet. */
export interface Finding {
  fixture: Fixture & { sentence: string; size: CaseSize; minimal: boolean };
  binary?: Uint8Array;
  /** The size of the captured step. */
  before: CaseSize;
  /** Steps run for trying candidates. */
  candidates: number;
  /** Steps met while shrinking that die of other signatures, each the first of its own: other bugs, kept apart. */
  slips: readonly DyingStep[];
}

/** How a finding is made smaller: not at all beyond its rows and timesteps, or until nothing more goes. */
export type Shrinking =
  | { kind: "none" }
  | ({ kind: "passes" /** Where to go on from. */; resume?: ResumedShrink } & ShrinkOptions);

/** Where a fixture comes from, but for what its finding says. */
type Origin = Omit<Fixture["provenance"], "captured" | "engine" | "shrunkFrom">;

/** Steps with more written numbers are not tried with the known fixes, which would take seconds each. */
const MAX_NUMBERS_WITH_FIXES = 1_000_000;

/**
 * Makes a step fixture of a fatal step: shrinks it, and runs what would be written once more, on the
 * engine that found it and on others.
 * @param others Engines to confirm the death on; the fixture says on which it reproduces.
 * @param onPart Is told of each part that follows the shrinking, in words.
 * @returns Null when the written-out step does not die of the same signature on its own engine: nothing to keep.
 */
export async function findingOf(
  engine: Engine,
  captured: CapturedStep,
  death: Diagnosis,
  provenance: Origin,
  others: readonly Engine[],
  shrinking: Shrinking = { kind: "passes" },
  onPart?: (part: string) => void,
): Promise<Finding | null> {
  const bare = await bareFinding(engine, captured, death, provenance, shrinking);
  return bare && completeFinding(engine, bare, others, onPart);
}

/** A captured step as it is, whole and not run again: what its run has shown of it is all that is known. */
export function wholeFinding(
  engine: Engine,
  captured: CapturedStep,
  death: Diagnosis,
  provenance: Origin,
): Finding {
  const step = onBatch(captured, captured.batch);
  const written = stepCase(step);
  const known = { step, death, sentence: stepSentence(step, death, null), minimal: false };
  const fixture = fixtureOf(engine, captured, known, written, provenance, null);
  return {
    fixture,
    ...(written.binary && { binary: written.binary }),
    before: fixture.size,
    candidates: 0,
    slips: [],
  };
}

/** The finding as its own engine alone knows it, fixes untried. @returns As {@link findingOf} does. */
export async function bareFinding(
  engine: Engine,
  captured: CapturedStep,
  death: Diagnosis,
  provenance: Origin,
  shrinking: Shrinking,
): Promise<Finding | null> {
  const whole = onBatch(captured, captured.batch);
  const shrunk = await smaller(engine, { step: whole, death }, shrinking);
  if (shrunk === null) return null;
  const { step, minimal, candidates, slips } = shrunk;
  const written = stepCase(step);
  const own = await dies(engine, written);
  if (own?.diagnosis?.signature !== death.signature) return null;
  const sentence = stepSentence(step, own.diagnosis, growthIn(engine, step, own.diagnosis));
  const known = { step, death: own.diagnosis, sentence, minimal };
  const fixture = fixtureOf(engine, captured, known, written, provenance, own.digest);
  const before = stepSize(whole);
  return { fixture, ...(written.binary && { binary: written.binary }), before, candidates, slips };
}

/** @param digest Of a rerun of what is written; null where it was not run again. */
function fixtureOf(
  engine: Engine,
  captured: CapturedStep,
  { step, death, sentence, minimal }: DyingStep & { sentence: string; minimal: boolean },
  written: StepCase,
  provenance: Origin,
  digest: string | null,
): Finding["fixture"] {
  const { mechanism: _, ...seen } = death;
  const { rows, time } = captured.batch;
  return {
    schemaVersion: 1,
    grade: "step",
    case: written.case,
    expected: {
      ...seen,
      step: 1,
      reproducesOn: digest === null ? [] : [engine.name],
      digests: digest === null ? {} : { [engine.name]: digest },
      versions: { [engine.name]: engine.version },
    },
    sentence,
    size: stepSize(step),
    minimal,
    provenance: {
      ...provenance,
      engine: engine.name,
      captured: { rows, time },
      shrunkFrom: stepSize(onBatch(captured, captured.batch)),
    },
  };
}

/** A bare finding confirmed on other engines, and tried with every known fix where it is not too large for that. */
export async function completeFinding(
  engine: Engine,
  bare: Finding,
  others: readonly Engine[],
  onPart?: (part: string) => void,
): Promise<Finding> {
  const { case: testCase, expected, size } = bare.fixture;
  const binary = bare.binary && { binary: bare.binary };
  if (others.length > 0) onPart?.(`confirming it on ${others.map(({ name }) => name).join(", ")}`);
  const { digests, versions, differsOn } = await confirm(
    others,
    { case: testCase, ...binary },
    expected.signature,
  );
  const fixture: Finding["fixture"] = {
    ...bare.fixture,
    expected: {
      ...expected,
      reproducesOn: ENGINE_NAMES.filter((name) => name in digests || name in expected.digests),
      digests: { ...digests, ...expected.digests },
      versions: { ...versions, ...expected.versions },
      ...(Object.keys(differsOn).length > 0 && { differsOn }),
    },
  };
  if (size.numbers > MAX_NUMBERS_WITH_FIXES) return { ...bare, fixture };
  onPart?.("trying the known fixes on it");
  const fixes = await measureFixes({ path: ".", fixture, ...binary }, engine);
  return { ...bare, fixture: { ...fixture, fixes } };
}

/** Null where the step, taken out of its run, does not die of its signature. */
async function smaller(engine: Engine, dying: DyingStep, shrinking: Shrinking): Promise<ShrunkStep | null> {
  if (shrinking.kind === "passes") {
    const { resume, ...options } = shrinking;
    return (resume && (await resumed(engine, dying, resume, options))) ?? shrinkStep(engine, dying, options);
  }
  const step = trimStep(engine, dying.step, dying.death);
  return { step, death: dying.death, minimal: false, candidates: 0, slips: [] };
}

/** Goes on from a step that an earlier shrink had come to; null where that does not die of the signature. */
async function resumed(
  engine: Engine,
  { death }: DyingStep,
  { step, candidates: before }: ResumedShrink,
  { budget = {}, onProgress, ...options }: ShrinkOptions,
): Promise<ShrunkStep | null> {
  const { candidates } = budget;
  const shrunk = await shrinkStep(
    engine,
    { step, death },
    {
      ...options,
      budget: { ...budget, ...(candidates !== undefined && { candidates: candidates - before }) },
      onProgress: (progress) => onProgress?.({ ...progress, candidates: before + progress.candidates }),
    },
  );
  return shrunk && { ...shrunk, candidates: before + shrunk.candidates };
}

async function confirm(others: readonly Engine[], written: StepCase, signature: string) {
  const digests: Partial<Record<EngineName, string>> = {};
  const versions: Partial<Record<EngineName, string>> = {};
  const differsOn: Partial<Record<EngineName, string>> = {};
  for (const other of others) {
    const { diagnosis, digest } = await dies(other, written);
    if (diagnosis?.signature === signature) {
      digests[other.name] = digest;
      versions[other.name] = other.version;
    } else differsOn[other.name] = diagnosis ? `dies of ${diagnosis.signature}` : "stays finite";
  }
  return { digests, versions, differsOn };
}

/** What a written-out step dies of on an engine; null where it lives. */
async function dies(engine: Engine, { case: testCase, binary }: StepCase) {
  const { trajectory, digest } = await rerun(engine, testCase, { folder: ".", ...(binary && { binary }) });
  return { diagnosis: trajectory.status === "failed" ? trajectory.death.diagnosis : null, digest };
}
