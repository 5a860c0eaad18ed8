import { type DeadRun, runToDeath } from "../../findings/runToDeath.ts";
import type { Diagnosis } from "../../programs/death.ts";
import type { Rung } from "../../programs/generating.ts";
import type { Host } from "../../programs/program.ts";

/**
 * The most work of one case, in steps x rows x timesteps x parameters: minutes on the explorer. It is
 * counted, not timed, so that the same cases are overdue on every machine.
 */
const DEADLINE = 1e12;

/** The result of running a case. */
export type CaseRun<Step = unknown, D extends Diagnosis = Diagnosis> = {
  steps: number;
  /** Steps x rows x timesteps x parameters. */
  work: number;
  /** The largest heat up to each of the rungs' steps that was run. */
  heats: number[];
  /** The largest heat of all. */
  heat: number;
} & (
  | { status: "lived" }
  /** It did not reach a rung. */
  | { status: "stopped" }
  /** It ran into its deadline. */
  | { status: "overdue" }
  /** `dead` is null where running the fatal step again did not show why. */
  | { status: "died"; dead: DeadRun<Step, D> | null }
);

/**
 * Runs a generated case until it is done, dies, or misses a rung.
 * @param rungs In ascending order of their steps.
 * @param beat Called after every step.
 */
export async function runCase<Step, D extends Diagnosis>(
  host: Host<unknown, Step, D>,
  testCase: unknown,
  { rungs, beat }: { rungs: readonly Rung[]; beat: () => void },
): Promise<CaseRun<Step, D>> {
  const stop = new AbortController();
  const heats: number[] = [];
  let work = 0;
  let heat = Number.NEGATIVE_INFINITY;
  let why: "stopped" | "overdue" = "stopped";
  const { trajectory, dead } = await runToDeath(
    host,
    testCase,
    { folder: "." },
    {
      signal: stop.signal,
      onStep: (record, session) => {
        beat();
        work += session.work();
        heat = Math.max(heat, host.program.heat(record));
        const rung = rungs[heats.length];
        if (rung?.step === record.step) {
          heats.push(heat);
          if (heat < rung.heat) stop.abort();
        }
        if (work < DEADLINE || stop.signal.aborted) return;
        why = "overdue";
        stop.abort();
      },
    },
  );
  const ran = { steps: trajectory.steps, work, heats, heat };
  if (trajectory.status === "completed") return { ...ran, status: "lived" };
  if (trajectory.status === "interrupted") return { ...ran, status: why };
  return { ...ran, status: "died", dead };
}
