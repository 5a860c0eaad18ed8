import { UsageError } from "../documents/errors.ts";
import { type RunThatDied, whyNotAgain } from "../fixtures/runThatDied.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { Explaining } from "../programs/explaining.ts";
import type { Host } from "../programs/program.ts";
import type { StopSignal } from "../programs/run.ts";
import { type Boundary, boundaryOf } from "./boundary.ts";
import { rerunBeside } from "./rerun.ts";

/**
 * The settings of the run that died that its death takes, each run from its start: two values, one with which it lives and the nearest
 * tried with which it dies. None where the run is not at hand, or does not die again.
 */
export async function runBoundaries(
  stored: StoredFixture,
  run: RunThatDied | null,
  host: Host,
  { runKnobs }: Explaining,
  stop: StopSignal,
): Promise<Boundary[]> {
  if (run === null || runKnobs === undefined) return [];
  if ((await whyNotAgain(stored, run, host, { signal: stop })) !== null) return [];
  const found: Boundary[] = [];
  for (const knob of runKnobs(host, run.case)) {
    // The run that died has just been seen to die.
    const lives = async (testCase: unknown) =>
      testCase === run.case ? false : livesAs(testCase, stored, run, host, stop);
    const boundary = await boundaryOf(knob, lives);
    if (boundary !== null) found.push(boundary);
  }
  return found;
}

/** True where a case lives; null where its program does not take it, or time is up. */
async function livesAs(
  testCase: unknown,
  stored: StoredFixture,
  run: RunThatDied,
  host: Host,
  stop: StopSignal,
): Promise<boolean | null> {
  if (stop.aborted) return null;
  try {
    return (await rerunBeside(stored, run, host, testCase, stop)).lives;
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}
