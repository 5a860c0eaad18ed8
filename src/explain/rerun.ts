import { rerunFixture } from "../fixtures/replay.ts";
import type { RunThatDied } from "../fixtures/runThatDied.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { Host } from "../programs/program.ts";
import type { StopSignal } from "../programs/run.ts";
import type { StepRecord } from "../programs/stepRecord.ts";

/** A run lives that takes so many times the steps of the run that died. */
const LIVES_TIMES = 3;

/** A run of another case than the one that died. */
interface Rerun {
  /** Its records, up to the step at which the other one died. */
  records: StepRecord[];
  /** Null where it was stopped before that was known. */
  lives: boolean | null;
}

/** Runs a case beside the run that died: other seeds, other settings. */
export async function rerunBeside(
  stored: StoredFixture,
  { step }: RunThatDied,
  host: Host,
  testCase: unknown,
  stop: StopSignal,
): Promise<Rerun> {
  const { runShrinking } = host.program;
  const records: StepRecord[] = [];
  const most = LIVES_TIMES * step;
  // Its steps are at least what they were: a program may plan by them.
  const steps = Math.max(runShrinking.stepsOf(testCase), most);
  const onStep = (record: StepRecord) => void records.push(record);
  const { trajectory } = await rerunFixture(stored, host, runShrinking.withSteps(testCase, steps), {
    onStep,
    signal: upTo(most, records, stop),
  });
  const seen = { records: records.slice(0, step) };
  if (trajectory.status === "failed") return { ...seen, lives: false };
  // A program that ends by itself lives where that is after the step at which the other run died.
  const lives = trajectory.steps >= most || (trajectory.status === "completed" && trajectory.steps > step);
  return { ...seen, lives: lives ? true : stop.aborted ? null : false };
}

/** Says stop when so many steps are recorded, or the other signal does. */
export function upTo(steps: number, records: readonly StepRecord[], stop: StopSignal): StopSignal {
  return {
    get aborted() {
      return stop.aborted || records.length >= steps;
    },
  };
}
