import { specsOf } from "../fixtures/heldTo.ts";
import { measureFixes } from "../fixtures/judge.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { Diagnosis } from "../programs/death.ts";
import type { CaseSize, Host } from "../programs/program.ts";
import type { StopSignal } from "../programs/run.ts";
import type { RunShrinking } from "../programs/runShrinking.ts";
import { MAX_WORK } from "../programs/work.ts";
import type { DyingRun } from "../shrink/run/attempt.ts";
import type { ShrunkRun } from "../shrink/run/shrinkRun.ts";
import { type HostOutcome, outcomeOn, seenOn } from "./confirm.ts";

/** A run fixture that is not on disk yet. */
export interface RunFinding {
  fixture: Fixture & { sentence: string; size: CaseSize; minimal: boolean };
  /** The size of the run that it was made of. */
  before: CaseSize;
  /** Hosts on which the fatal step, taken out of the run, dies of the same signature. */
  confirmedOn: Fixture["expected"]["reproducesOn"];
}

/** The origin of a run fixture. */
export interface RunOrigin<Case = unknown> {
  provenance: Omit<Fixture["provenance"], "captured" | "engine" | "shrunkFrom">;
  /** The run that was made smaller. */
  run: Case;
  /** The folder that the relative path of a text starts from. */
  folder: string;
}

/**
 * Makes a run fixture of the smallest run found.
 * @param options.others Hosts to try it on. A run from its start may diverge there, which the fixture says then; its fatal
 * step by itself is what confirms it.
 * @param options.signal Leaves out the other hosts and the known fixes from then on.
 */
export async function runFinding<Case, Step, D extends Diagnosis>(
  host: Host<Case, Step, D>,
  { run, minimal }: ShrunkRun<Case, Step, D>,
  { provenance, run: original, folder }: RunOrigin<Case>,
  { others = [], signal }: { others?: readonly Host<Case, Step, D>[]; signal?: StopSignal },
): Promise<RunFinding> {
  const { program } = host;
  const { step, death } = run.fatal;
  const files = { folder };
  const own = await outcomeOn(host, run.case, files);
  const seen = [own];
  for (const other of others) {
    const outcome = await outcomeOn(other, run.case, files, signal);
    if (!signal?.aborted) seen.push(outcome);
  }
  const onHosts = seenOn(
    program.hostNames,
    seen,
    (outcome) => signatureOf(outcome) === signatureOf(own) && outcome.step === own.step,
    (outcome) =>
      signatureOf(outcome) === null
        ? `stays finite for ${outcome.step} steps`
        : `dies of ${signatureOf(outcome)} at step ${outcome.step}`,
  );
  const { mechanism: _, ...expected } = death;
  const before = program.caseSize(original);
  const specs = specsOf(host, death);
  const fixture: RunFinding["fixture"] = {
    schemaVersion: 1,
    grade: "run",
    ...(host.file && { program: host.file }),
    case: run.case,
    expected: {
      ...expected,
      step: program.runShrinking.stepsOf(run.case),
      ...onHosts,
      ...(specs.length > 0 && { invariants: specs }),
    },
    sentence: `${await program.runSentence(run.case, step, death, host)}${doubts(program.runShrinking, original, run.case)}`,
    size: program.caseSize(run.case),
    minimal,
    provenance: {
      run: original as Fixture["case"],
      ...provenance,
      engine: host.name,
      captured: program.batchSize(step),
      shrunkFrom: before,
    },
  };
  const bare = { fixture, before, confirmedOn: [] };
  if (signal?.aborted) return bare;
  const stored = { path: `${folder}/run.json`, fixture };
  const stop = signal && { signal };
  const fixes = await measureFixes(stored, host, { maxWork: MAX_WORK, ...stop });
  if (signal?.aborted) return bare;
  return { fixture: { ...fixture, fixes }, before, confirmedOn: await confirming(run, [host, ...others]) };
}

/** Says what a run has lost by being made smaller: it dies before any training, or starts from another seed. */
function doubts<Case>({ stepsOf, seedOf }: RunShrinking<Case>, original: Case, smaller: Case): string {
  const [was, is] = [seedOf(original), seedOf(smaller)];
  return [
    stepsOf(smaller) < 2 && "; it dies in its first step, before any training",
    was !== is && `; it starts from seed ${is}, where the run that died started from ${was}`,
  ]
    .filter(Boolean)
    .join("");
}

async function confirming<Case, Step, D extends Diagnosis>(
  { fatal: { step, death } }: DyingRun<Case, Step, D>,
  hosts: readonly Host<Case, Step, D>[],
): Promise<RunFinding["confirmedOn"]> {
  const names: string[] = [];
  for (const host of hosts) {
    const { case: alone, binary } = host.program.stepCase(step);
    const { diagnosis } = await outcomeOn(host, alone, { folder: ".", ...(binary && { binary }) });
    if (diagnosis?.signature === death.signature) names.push(host.name);
  }
  return names;
}

function signatureOf({ diagnosis }: HostOutcome): string | null {
  return diagnosis?.signature ?? null;
}
