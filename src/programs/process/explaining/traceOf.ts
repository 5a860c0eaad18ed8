import type { Trace } from "../../trace/trace.ts";
import { type FixedHost, hostingOf } from "../remedies/trial.ts";
import type { ProgramStep } from "../step.ts";

/** The operations of a step; null where they cannot be traced. */
export function traceOf(host: FixedHost, step: ProgramStep): Promise<Trace | null> {
  return hostingOf(host, step.case).tracedStep(step);
}
