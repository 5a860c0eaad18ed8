import type { Steps } from "./coroutine.ts";
import type { ProgramInvariant } from "./invariants.ts";
import type { Observed } from "./observe.ts";
import type { StateSource } from "./tfjs/parts.ts";
import type { TracedStep } from "./traceStep.ts";
import type { Training } from "./training.ts";

/** A training as the host process sees it: its parts, and the functions of the copy of nanproof that watches it. */
export interface HostedTraining {
  training: Training;
  invariants: readonly ProgramInvariant[];
  /** Runs one step and looks at it. */
  observe(batch: readonly unknown[]): Steps<Observed>;
  /** Runs one step and writes every operation down. */
  trace(batch: readonly unknown[]): Steps<TracedStep>;
  /** Makes the error that `step` throws when the case is over: one of the copy's own, which the program can know. */
  ended(): Error;
  /** Tries to see operations. @returns Null where they can be seen, else why not. */
  probe(): string | null;
}

/** The process that runs a program for nanproof. Every call of `step` is handed to it. */
export interface StepHost {
  /** Sources of state that all trainings in this process share. */
  sources: readonly StateSource[];
  /** Serves a call of `step`: runs it, and whatever is asked between. */
  step(hosted: HostedTraining, batch: readonly unknown[]): Steps<unknown>;
}

/** The key of the host for every copy of nanproof in the process. Its number changes with the shape of {@link StepHost}. */
const SEAM = Symbol.for("nanproof.host/1");

/** The host of this process, or null in a script of a person's own. */
export function currentHost(): StepHost | null {
  return (globalThis as { [SEAM]?: StepHost })[SEAM] ?? null;
}

/** Makes an object the host of this process. */
export function installHost(host: StepHost): void {
  Object.defineProperty(globalThis, SEAM, { value: host });
}
