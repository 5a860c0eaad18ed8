import { UsageError } from "../documents/errors.ts";
import { replayFixture } from "../fixtures/replay.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { ProgramCase } from "../programs/process/case.ts";
import { ProgramError } from "../programs/process/errors.ts";
import { defaultsOf, type KnobValue, knobsMisfit } from "../programs/process/knobs.ts";
import type { ProgramHost } from "../programs/process/program.ts";
import { batchSha256 } from "../programs/process/step.ts";
import type { GateVerdict } from "./verdict.ts";

/** Steps by which a program shows that it still trains. */
const STEPS_OF_TRAINING = 20;

/**
 * Judges a fixture of a program on today's code of it: its step must live, or its run where the code no longer makes that
 * batch, and the program must still train.
 */
export async function gateProgramFixture(stored: StoredFixture, host: ProgramHost): Promise<GateVerdict> {
  const { fixture } = stored;
  const testCase = fixture.case as ProgramCase;
  const misfit = knobsMisfit(host.hosting.ready.knobs, testCase.knobs);
  if (misfit !== null) return { kind: "stale", why: `stale: ${misfit}` };
  try {
    const run = { ...((fixture.provenance.run as ProgramCase | undefined) ?? testCase), cutOutAt: undefined };
    if (!(await trains(host, run)))
      return {
        kind: "notJudged",
        why: `the program no longer trains: of its first steps none was taken, none changed a weight, or every loss was the same`,
      };
    const replay = await replayFixture(stored, host);
    if (replay.trajectory.status === "completed") return { kind: "held" };
    const { trajectory, signature } = replay;
    if (fixture.grade === "step" && fixture.provenance.run !== undefined) {
      const today = await runToday(stored, host);
      // A step that was made small may be none that the mended program ever takes: then its death is another than the one mended.
      const isOtherDeath =
        signature !== null && host.program.isSameDeath?.(signature, fixture.expected.signature) === false;
      if (today.lives && (today.batch === "another" || isOtherDeath)) return { kind: "held", by: "run" };
    }
    const diagnosis = trajectory.status === "failed" ? trajectory.death.diagnosis : null;
    return { kind: "failed", signature, site: diagnosis?.site ?? null };
  } catch (error) {
    // Died of an invariant of a file that is not given.
    if (error instanceof UsageError && error.code === "NANPROOF_E_INVARIANT")
      return { kind: "notJudged", why: `${error.message}; ${error.hint}` };
    if (!(error instanceof ProgramError)) throw error;
    if (error.kind === "restore" || error.kind === "knobs" || error.kind === "batch")
      return { kind: "stale", why: `stale: ${error.message}` };
    return { kind: "notJudged", why: `the program does not run: ${error.message}` };
  }
}

/** The run that died, on today's code: whether it lives past the step that was fatal, and which batch it makes there. */
interface RunToday {
  lives: boolean;
  batch: "same" | "another" | "unknown";
}

async function runToday({ fixture }: StoredFixture, host: ProgramHost): Promise<RunToday> {
  const {
    run,
    step,
    batchSha256: before,
  } = fixture.provenance as StoredFixture["fixture"]["provenance"] & {
    batchSha256?: string;
  };
  const { hosting } = host;
  await hosting.opened({ ...(run as ProgramCase), steps: Math.max(step, (run as ProgramCase).steps) });
  if (step > 1) {
    const { records, ended } = await hosting.ask("advance", { steps: step - 1 });
    if (records.some(({ dead }) => dead !== null)) return { lives: false, batch: "unknown" };
    // It ended before that step: it makes no such batch any more.
    if (ended === "finished") return { lives: records.length > 0, batch: "another" };
    if (ended !== null) return { lives: false, batch: "unknown" };
  }
  const { batch } = await hosting.saved("now");
  const { records, ended } = await hosting.ask("advance", { steps: 1 });
  const lives =
    ended !== "error" && records.every(({ dead, violated = [] }) => dead === null && violated.length === 0);
  if (before === undefined) return { lives, batch: "unknown" };
  return { lives, batch: batchSha256(batch) === before ? "same" : "another" };
}

/**
 * True for a program that still trains: with a fixture's knobs and seed, or else with the defaults, it takes a step, changes a weight,
 * and of several losses not all are the same to the bit.
 */
async function trains(host: ProgramHost, run: ProgramCase): Promise<boolean> {
  if (await trainsAs(host, run)) return true;
  const { knobs, form, steps } = host.hosting.ready;
  if (form === "script") return false;
  return trainsAs(host, { ...run, knobs: defaultsOf(knobs) as Record<string, KnobValue>, steps });
}

async function trainsAs({ hosting }: ProgramHost, run: ProgramCase): Promise<boolean> {
  const steps = Math.min(hosting.ready.steps, STEPS_OF_TRAINING);
  const { state } = await hosting.opened({ ...run, steps: Math.max(run.steps, steps) });
  const { records, ended, error } = await hosting.ask("advance", { steps });
  if (ended === "error" && error !== undefined && records.length === 0) return false;
  const weights = state.filter(({ role }) => role === "weight").length;
  const isMoved = records.some(({ frozen = [] }) => frozen.length < weights);
  const losses = new Set(records.map(({ loss }) => String(loss)));
  return records.length > 0 && isMoved && (records.length === 1 || losses.size > 1);
}
