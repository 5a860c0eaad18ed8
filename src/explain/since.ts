import { dirname } from "node:path";
import { rerunFixture } from "../fixtures/replay.ts";
import { type RunThatDied, whyNotAgain } from "../fixtures/runThatDied.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { Explaining } from "../programs/explaining.ts";
import type { Host } from "../programs/program.ts";
import type { StopSignal } from "../programs/run.ts";
import type { StepRecord } from "../programs/stepRecord.ts";
import { rerunBeside, upTo } from "./rerun.ts";

/** The step at which a gauge of the run that died left the range of healthy runs, and the index of its batch in the epoch. */
interface Since {
  gauge: string;
  step: number;
  batch: number;
}

/** The search for the moment at which the run that died left the ranges of healthy runs. */
export interface Sought {
  since: Since[];
  /** Runs of other seeds that lived three times the steps that the run took to die. */
  healthy: number;
  /** The reason why nothing can be said; null where it can. */
  why: string | null;
  /** The growth of the largest state by training step, over the last steps before the death; null where the run is not at hand. */
  perStep: number | null;
}

/** Runs that must be healthy before anything is said. */
const ENOUGH = 8;
/** Seeds that are tried for them. */
const MOST_SEEDS = 64;
/** Steps over which the growth from step to step is measured. */
const LAST_STEPS = 10;

/** Looks for healthy runs of the same case, and for the first step at which each gauge of the run that died was none of theirs. */
export async function sinceWhen(
  stored: StoredFixture,
  run: RunThatDied | null,
  host: Host,
  { batchOf }: Explaining,
  stop: StopSignal,
): Promise<Sought> {
  let perStep: number | null = null;
  const nothing = (why: string, healthy = 0): Sought => ({ since: [], healthy, why, perStep });
  if (run === null) return nothing("the fixture names no run that it comes from");
  const why = await whyNotAgain(stored, run, host, { signal: stop });
  if (why !== null) return nothing(why);
  const died: StepRecord[] = [];
  const { heat } = host.program;
  const onStep = (record: StepRecord) => void died.push(record);
  await rerunFixture(stored, host, run.case, { onStep, signal: upTo(run.step, died, stop) });
  perStep = growthOf(died.slice(0, -1).map(heat));
  const seen = new Map<string, { least: number; most: number }>();
  let healthy = 0;
  for (let seed = 1; seed <= MOST_SEEDS && healthy < ENOUGH && !stop.aborted; seed++) {
    const { sibling } = host.program.remedies;
    if (sibling === undefined) break;
    const { records, lives } = await rerunBeside(
      stored,
      run,
      host,
      sibling(run.case, `healthy/${seed}`),
      stop,
    );
    if (lives !== true) continue;
    healthy += 1;
    for (const record of records) for (const [gauge, value] of quantities(record)) widen(seen, gauge, value);
  }
  if (healthy < ENOUGH)
    return nothing(
      `${healthy} of the ${ENOUGH} healthy runs of other seeds were found that this takes`,
      healthy,
    );
  const left = new Map<string, number>();
  for (const record of died)
    for (const [gauge, value] of quantities(record)) {
      const range = seen.get(gauge);
      if (range && !left.has(gauge) && !(value >= range.least && value <= range.most))
        left.set(gauge, record.step);
    }
  const files = { folder: dirname(stored.path) };
  const since = [...left].map(([gauge, step]) => ({ gauge, step, batch: batchOf(run.case, step, files) }));
  return { since: since.sort((a, b) => a.step - b.step), healthy, why: null, perStep };
}

/** The factor by which a state grows a step, from its heats over the last steps; to two digits. */
function growthOf(heights: readonly number[]): number | null {
  const last = heights.slice(-LAST_STEPS);
  const [from, to] = [last[0], last.at(-1)];
  if (from === undefined || to === undefined || last.length < 2) return null;
  return Number((10 ** ((to - from) / (last.length - 1))).toPrecision(2));
}

function quantities({ loss, gauges }: StepRecord): [string, number][] {
  return [["loss", loss], ...Object.entries(gauges)];
}

function widen(seen: Map<string, { least: number; most: number }>, gauge: string, value: number): void {
  const { least, most } = seen.get(gauge) ?? { least: value, most: value };
  seen.set(gauge, { least: Math.min(least, value), most: Math.max(most, value) });
}
