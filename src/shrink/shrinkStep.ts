import type { StopSignal } from "../programs/run.ts";
import type { Engine } from "../training/engine.ts";
import type { DyingStep, Pass } from "./pass.ts";
import { PASSES } from "./passes/index.ts";
import { timesteps } from "./passes/timesteps.ts";
import { Search } from "./search.ts";

/** When to stop short of the end; what is left out does not stop it. */
interface ShrinkBudget {
  /** Steps run for trying candidates: the same on every machine. */
  candidates?: number;
  /** Milliseconds of the clock. */
  ms?: number;
}

/** Where a shrink stands. */
export interface ShrinkProgress {
  pass: string;
  candidates: number;
  best: DyingStep;
}

/** What a shrink tells while it goes on, and what stops it. */
export interface ShrinkOptions {
  budget?: ShrinkBudget;
  /** After every pass, and at least every second or so. */
  onProgress?: (progress: ShrinkProgress) => void;
  signal?: StopSignal;
}

/** A step made as small as it would go. */
export interface ShrunkStep extends DyingStep {
  /** Whether every pass was tried to its end and nothing of it was accepted any more. */
  minimal: boolean;
  /** Steps run for trying candidates. */
  candidates: number;
  /** Steps met on the way that die of another signature: other bugs, as they were met. */
  slips: DyingStep[];
}

/** Milliseconds between two turns of the event loop, so that signals and progress get through. */
const TURN_MS = 30;
const PROGRESS_MS = 500;

/**
 * Makes a dying step smaller, pass by pass, until no pass makes it any simpler in the order of cases without
 * changing its signature; then no single candidate of any pass is accepted.
 * @returns Null when the step does not die, on this engine, of the signature given.
 */
export async function shrinkStep(
  engine: Engine,
  start: DyingStep,
  options: ShrinkOptions = {},
): Promise<ShrunkStep | null> {
  const search = Search.from(engine, start);
  return search && shrinkFrom(search, options);
}

async function shrinkFrom(
  search: Search,
  { budget = {}, onProgress, signal }: ShrinkOptions,
): Promise<ShrunkStep> {
  const from = performance.now();
  let turned = from;
  let told = from;
  const tell = (pass: string) => {
    told = performance.now();
    onProgress?.({ pass, candidates: search.candidates, best: search.best });
  };

  /** False when the budget ended it. */
  async function run(pass: Pass): Promise<boolean> {
    const stream = pass.candidates(search.standing, search.look);
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
      if (now - told > PROGRESS_MS) tell(pass.name);
      next = stream.next(search.try(next.value));
    }
    tell(pass.name);
    return true;
  }

  /** False when the budget ended it. */
  async function untilNothingChanges(passes: readonly Pass[]): Promise<boolean> {
    for (;;) {
      const { standing } = search;
      for (const pass of passes) if (!(await run(pass))) return false;
      if (search.standing === standing) return true;
    }
  }

  let minimal = await untilNothingChanges(PASSES.filter((pass) => pass !== timesteps));
  if (minimal) {
    search.endSlack();
    minimal = await untilNothingChanges(PASSES);
  }
  const { best, candidates, slips } = search;
  return { ...best, minimal, candidates, slips: [...slips.values()] };
}
