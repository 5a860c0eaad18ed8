import type { TrainingCase } from "../../cases/schema.ts";
import { type CaseSize, caseSize } from "../../cases/size.ts";
import { writtenNumbers } from "../../cases/writtenNumbers.ts";
import { stepCase } from "../../fixtures/capture.ts";
import { measureFixes } from "../../fixtures/judge.ts";
import { rerun } from "../../fixtures/replay.ts";
import type { Fixture } from "../../fixtures/schema.ts";
import { ENGINE_NAMES, type Engine, type EngineName } from "../../training/engine.ts";
import type { StopSignal } from "../../training/run.ts";
import type { DyingRun } from "./attempt.ts";
import { runSentence } from "./runSentence.ts";
import type { ShrunkRun } from "./shrinkRun.ts";

/** A run fixture that is not on disk yet. */
export interface RunFinding {
  fixture: Fixture & { sentence: string; size: CaseSize; minimal: boolean };
  /** The size of the run that it was made of. */
  before: CaseSize;
  /** Engines on which the fatal step, taken out of the run, dies of the same signature. */
  confirmedOn: EngineName[];
}

/** Where a run fixture comes from. */
export interface RunOrigin {
  provenance: Omit<Fixture["provenance"], "captured" | "engine" | "shrunkFrom">;
  /** The run that was made smaller. */
  run: TrainingCase;
  /** Where the relative path of a text starts. */
  folder: string;
}

/**
 * Makes a run fixture of the smallest run found.
 * @param options.others Engines to try it on. A run from its start may diverge there, which the fixture says then; its fatal step
 * by itself is what confirms it.
 * @param options.signal Leaves out the other engines and the known fixes from then on.
 */
export async function runFinding(
  engine: Engine,
  { run, minimal }: ShrunkRun,
  { provenance, run: original, folder }: RunOrigin,
  { others = [], signal }: { others?: readonly Engine[]; signal?: StopSignal },
): Promise<RunFinding> {
  const { batch } = run.fatal.step;
  const own = await outcomeOn(engine, run.case, folder);
  const same = (seen: typeof own) => seen.signature === own.signature && seen.step === own.step;
  const seen = [own];
  for (const other of others) {
    const outcome = await outcomeOn(other, run.case, folder, signal);
    if (!signal?.aborted) seen.push(outcome);
  }
  const reproducing = seen.filter(same);
  const record = <T>(of: typeof seen, value: (outcome: typeof own) => T) =>
    Object.fromEntries(of.map((outcome) => [outcome.engine.name, value(outcome)])) as Partial<
      Record<EngineName, T>
    >;
  const differs = record(
    seen.filter((outcome) => !same(outcome)),
    ({ signature, step }) =>
      signature ? `dies of ${signature} at step ${step}` : `stays finite for ${step} steps`,
  );
  const { mechanism: _, ...death } = run.fatal.death;
  const fixture: RunFinding["fixture"] = {
    schemaVersion: 1,
    grade: "run",
    case: run.case,
    expected: {
      ...death,
      step: run.case.steps,
      reproducesOn: ENGINE_NAMES.filter((name) =>
        reproducing.some((outcome) => outcome.engine.name === name),
      ),
      digests: record(reproducing, ({ digest }) => digest),
      versions: record(reproducing, (outcome) => outcome.engine.version),
      ...(Object.keys(differs).length > 0 && { differsOn: differs }),
    },
    sentence: runSentence(engine, run),
    size: runSize(run.case),
    minimal,
    provenance: {
      ...provenance,
      engine: engine.name,
      captured: { rows: batch.rows, time: batch.time },
      shrunkFrom: runSize(original),
    },
  };
  const before = runSize(original);
  const bare = { fixture, before, confirmedOn: [] };
  if (signal?.aborted) return bare;
  const fixes = await measureFixes({ path: `${folder}/run.json`, fixture }, engine, {
    ...(signal && { signal }),
  });
  if (signal?.aborted) return bare;
  return { fixture: { ...fixture, fixes }, before, confirmedOn: await confirming(run, [engine, ...others]) };
}

async function confirming(
  { fatal: { step, death } }: DyingRun,
  engines: readonly Engine[],
): Promise<EngineName[]> {
  const { case: alone, binary } = stepCase(step);
  const names: EngineName[] = [];
  for (const engine of engines) {
    const { trajectory } = await rerun(engine, alone, { folder: ".", ...(binary && { binary }) });
    const seen = trajectory.status === "failed" ? trajectory.death.diagnosis?.signature : undefined;
    if (seen === death.signature) names.push(engine.name);
  }
  return names;
}

/** How large a run is. */
export function runSize(run: TrainingCase): CaseSize {
  return caseSize(run, writtenNumbers(run));
}

async function outcomeOn(engine: Engine, testCase: TrainingCase, folder: string, signal?: StopSignal) {
  const { trajectory, digest } = await rerun(engine, testCase, { folder }, signal && { signal });
  const signature = trajectory.status === "failed" ? (trajectory.death.diagnosis?.signature ?? null) : null;
  return { engine, signature, step: trajectory.steps, digest };
}
