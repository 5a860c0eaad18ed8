import type { HostRecord } from "../../protocol.ts";
import { DEFAULT_INVARIANTS, watchAll } from "../../stepInvariant.ts";
import { ProgramError } from "../errors.ts";
import { stepRecordOf } from "../record.ts";
import { type FixedHost, hostingOf } from "../remedies/trial.ts";
import type { ProgramStep } from "../step.ts";

/** Runs a step, without tracing one that dies; null where the program refuses it. */
export async function recordOf(host: FixedHost, step: ProgramStep): Promise<HostRecord | null> {
  try {
    return await hostingOf(host, step.case).ranOnce(step);
  } catch (error) {
    if (error instanceof ProgramError) return null;
    throw error;
  }
}

/** True where a step lives; null where the program refuses it. */
export async function lives(host: FixedHost, step: ProgramStep): Promise<boolean | null> {
  const record = await recordOf(host, step);
  if (record === null) return null;
  return watchAll(host.invariants ?? DEFAULT_INVARIANTS)(stepRecordOf(record)) === null;
}
