import { UsageError } from "../../documents/errors.ts";
import type { Diagnosis } from "../../programs/death.ts";
import type { DyingStep } from "../../programs/pass.ts";
import type { CaseFiles, Host } from "../../programs/program.ts";
import { runSession } from "../../programs/run.ts";

/** A run that dies, its steps cut off after the fatal one. */
export interface DyingRun<Case = unknown, Step = unknown, D extends Diagnosis = Diagnosis> {
  case: Case;
  /** The fatal step, cut out of the run. */
  fatal: DyingStep<Step, D>;
}

/** Runs cases from their start. */
export class RunAttempts<Case = unknown, Step = unknown, D extends Diagnosis = Diagnosis> {
  readonly host: Host<Case, Step, D>;
  readonly #files: CaseFiles;

  /** @param folder The folder that the relative path of a text starts from. */
  constructor(host: Host<Case, Step, D>, folder: string) {
    this.host = host;
    this.#files = { folder };
  }

  /** Trains as {@link run} does; a case that the host cannot run, or that leaves nothing to train on, does not die. */
  async runIfCan(testCase: Case, signal?: AbortSignal): Promise<DyingRun<Case, Step, D> | null> {
    try {
      return await this.run(testCase, signal);
    } catch (error) {
      if (error instanceof UsageError) return null;
      throw error;
    }
  }

  /**
   * Trains a case from its start.
   * @returns Null when it lives, is interrupted, or running its last step again does not show why it died.
   * @throws UsageError when its text cannot be read or the host cannot run it.
   */
  async run(testCase: Case, signal?: AbortSignal): Promise<DyingRun<Case, Step, D> | null> {
    const { program } = this.host;
    const session = await program.open(this.host, testCase, this.#files);
    try {
      const trajectory = await runSession(this.host, session, signal && { signal });
      if (trajectory.status !== "failed" || trajectory.death.diagnosis === null) return null;
      const { step, diagnosis } = trajectory.death;
      const fatal = { step: program.alone(await session.cutOut()), death: diagnosis };
      return { case: program.runShrinking.withSteps(testCase, step), fatal };
    } finally {
      await session.dispose();
    }
  }
}
