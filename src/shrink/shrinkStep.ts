import type { Diagnosis } from "../programs/death.ts";
import type { DyingStep, Pass } from "../programs/pass.ts";
import type { Host } from "../programs/program.ts";
import type { StopSignal } from "../programs/run.ts";
import { Search } from "./search.ts";

/** Bounds that stop a shrink short of its end; what is left out does not stop it. */
interface ShrinkBudget {
  /** Steps run for trying candidates: the same on every machine. */
  candidates?: number;
  /** Milliseconds of the clock. */
  ms?: number;
}

/** The progress of a shrink. */
export interface ShrinkProgress<Step = unknown, D extends Diagnosis = Diagnosis> {
  pass: string;
  candidates: number;
  best: DyingStep<Step, D>;
}

/** Options of a shrink. */
export interface ShrinkOptions<Step = unknown, D extends Diagnosis = Diagnosis> {
  budget?: ShrinkBudget;
  /** After every pass, and at least every second or so. */
  onProgress?: (progress: ShrinkProgress<Step, D>) => void;
  signal?: StopSignal;
}

/** A step made as small as it would go. */
export interface ShrunkStep<Step = unknown, D extends Diagnosis = Diagnosis> extends DyingStep<Step, D> {
  /** True where every pass was tried to its end and none of its candidates was accepted any more. */
  minimal: boolean;
  /** Steps run for trying candidates. */
  candidates: number;
  /** Steps met on the way that die of another signature: other bugs, as they were met. */
  slips: DyingStep<Step, D>[];
}

/** Milliseconds between two turns of the event loop, so that signals and progress get through. */
const TURN_MS = 30;
const PROGRESS_MS = 500;

/** Rounds of passes that judge steps by what they seem to die of; where that was wrong so often, each step is examined. */
const MOST_PRESUMED = 4;

/**
 * Makes a dying step smaller, pass by pass, until no pass makes it any simpler in the program's order without
 * changing its signature; then no single candidate of any pass is accepted.
 * @returns Null when the step does not die, on this host, of the signature given.
 */
export async function shrinkStep<Step, D extends Diagnosis>(
  host: Host<unknown, Step, D>,
  start: DyingStep<Step, D>,
  options: ShrinkOptions<Step, D> = {},
): Promise<ShrunkStep<Step, D> | null> {
  const search = await Search.from(host, start, { margin: true });
  return search && shrinkFrom(search, host.program.shrinking.passes, options);
}

/**
 * Drops what a fatal step can do without and still die of the same signature, and leaves the rest as it is: rows, and
 * timesteps at the end.
 * @returns Null when the step does not die, on this host, of the signature given.
 */
export async function trimStep<Step, D extends Diagnosis>(
  host: Host<unknown, Step, D>,
  start: DyingStep<Step, D>,
  options: ShrinkOptions<Step, D> = {},
): Promise<ShrunkStep<Step, D> | null> {
  const search = await Search.from(host, start, { margin: false });
  if (search === null) return null;
  const { candidates: _, ...trimmed } = await shrinkFrom(search, host.program.shrinking.trimming, options);
  return { ...trimmed, minimal: false, candidates: 0, slips: [] };
}

async function shrinkFrom<Step, D extends Diagnosis>(
  search: Search<Step, D>,
  passes: readonly Pass<Step, D>[],
  { budget = {}, onProgress, signal }: ShrinkOptions<Step, D>,
): Promise<ShrunkStep<Step, D>> {
  const from = performance.now();
  let turned = from;
  let reported = from;
  const report = (pass: string) => {
    reported = performance.now();
    onProgress?.({ pass, candidates: search.candidates, best: search.best });
  };

  /** Every pass once. False when the budget ended it. */
  async function round(tried: readonly Pass<Step, D>[]): Promise<boolean> {
    for (let presumed = 1; ; presumed++) {
      if (presumed <= MOST_PRESUMED) search.presume();
      const isComplete = await each(tried);
      if ((await search.confirm()) || !isComplete) return isComplete;
    }
  }

  async function each(tried: readonly Pass<Step, D>[]): Promise<boolean> {
    for (const pass of tried) if (!(await runOnce(pass))) return false;
    return true;
  }

  async function runOnce(pass: Pass<Step, D>): Promise<boolean> {
    const stream = pass.candidates(search.current, search.host);
    for (let next = stream.next(); !next.done; ) {
      const now = performance.now();
      if (now - turned > TURN_MS) {
        await new Promise(setImmediate);
        turned = now;
      }
      if (
        signal?.aborted ||
        search.candidates >= (budget.candidates ?? Infinity) ||
        now - from >= (budget.ms ?? Infinity)
      )
        return false;
      if (now - reported > PROGRESS_MS) report(pass.name);
      next = stream.next(await search.try(next.value));
    }
    report(pass.name);
    return true;
  }

  /** False when the budget ended it. */
  async function untilNothingChanges(tried: readonly Pass<Step, D>[]): Promise<boolean> {
    for (;;) {
      const { current } = search;
      if (!(await round(tried))) return false;
      if (search.current === current) return true;
    }
  }

  let minimal = await untilNothingChanges(passes.filter(({ isLast }) => !isLast));
  if (minimal) {
    search.endSlack();
    minimal = await untilNothingChanges(passes);
  }
  const { best, candidates, slips } = search;
  return { ...best, minimal, candidates, slips: [...slips.values()] };
}
