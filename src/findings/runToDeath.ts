import type { Diagnosis } from "../programs/death.ts";
import type { DyingStep } from "../programs/pass.ts";
import type { CaseFiles, Host } from "../programs/program.ts";
import { runSession, type SessionHooks } from "../programs/run.ts";
import type { Trajectory } from "../programs/trajectory.ts";

/** A run that died, and its fatal step, cut out of it. */
export interface DeadRun<Step = unknown, D extends Diagnosis = Diagnosis> {
  /** The number of the fatal step; counts from 1. */
  step: number;
  /** The fatal step, cut out of the run. */
  fatal: DyingStep<Step, D>;
  /** The data that was trained on, for a person. */
  description: string;
}

/**
 * Runs a case from its start to its death.
 * @returns `dead` is null where the run lives, is interrupted, or running its last step again does not show why it died.
 * @throws UsageError when a file that the case names cannot be read or the host cannot run it.
 */
export async function runToDeath<Step, D extends Diagnosis>(
  host: Host<unknown, Step, D>,
  testCase: unknown,
  files: CaseFiles,
  hooks: SessionHooks = {},
): Promise<{ trajectory: Trajectory<D>; dead: DeadRun<Step, D> | null }> {
  const session = await host.program.open(host, testCase, files);
  try {
    const trajectory = await runSession(host, session, hooks);
    if (trajectory.status !== "failed" || trajectory.death.diagnosis === null)
      return { trajectory, dead: null };
    const { step, diagnosis } = trajectory.death;
    const fatal = { step: host.program.alone(await session.cutOut()), death: diagnosis };
    return { trajectory, dead: { step, fatal, description: session.description } };
  } finally {
    await session.dispose();
  }
}
