import { isDeepStrictEqual } from "node:util";
import { compareCases, orderedCase } from "../../cases/order.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import type { Diagnosis } from "../../training/diagnosis.ts";
import type { DyingRun, RunAttempts } from "./attempt.ts";
import { CUTS, type Grain, type RunCut } from "./cuts.ts";
import type { Trail } from "./trail.ts";

/** When to stop short of the end; what is left out does not stop it. */
interface RunBudget {
  /** Runs started: the same on every machine. */
  candidates?: number;
  /** Milliseconds of the clock. */
  ms?: number;
}

/** Where a search for the smallest run stands. */
interface RunProgress {
  /** What is being cut. */
  cut: string;
  trail: Trail;
}

/** What a search for the smallest run tells, and what stops it. */
export interface ShrinkRunOptions {
  budget?: RunBudget;
  /** After every run. */
  onProgress?: (progress: RunProgress) => void;
  signal?: AbortSignal;
  /** Of a search from the same start that was stopped: its runs are not started again, but count. */
  resume?: Trail;
}

/** The smallest run found. */
export interface ShrunkRun {
  run: DyingRun;
  /** Whether every cut was tried, with every start, and none of them died the same way any more. */
  minimal: boolean;
  /** Runs started. */
  candidates: number;
}

/** Starts that a smaller case is given, besides its own: one that lives says nothing of the next. */
const STARTS = ["1", "2", "3", "4", "5", "6", "7", "8"];
/** Starts among which the one that dies soonest is looked for. */
const STARTS_FOR_STEPS = Array.from({ length: 24 }, (_, start) => String(start + 1));

/**
 * Looks for the smallest fresh run that dies the same way. Every candidate is a new chaotic run, so that what was cut
 * off a run that lives may still be cut off another: each cut is tried with several starts, the widest cuts first, and
 * dying the same way asks for phase and mechanism alone. What is accepted is simpler in the order of cases.
 * @param start A fresh run that dies within its steps.
 * @returns Null when it does not.
 */
export async function shrinkRun(
  attempts: RunAttempts,
  start: TrainingCase,
  options: ShrinkRunOptions = {},
): Promise<ShrunkRun | null> {
  const first = await attempts.run(start, options.signal);
  if (first === null) return null;
  try {
    return await new RunSearch(attempts, first, options).run();
  } catch (error) {
    if (!(error instanceof FalseTrail)) throw error;
    const { resume: _, ...afresh } = options;
    return new RunSearch(attempts, first, afresh).run();
  }
}

/** Whether two deaths are the same but for the activation of the layer that grows, which may be cut. */
function sameWay(a: Diagnosis, b: Diagnosis): boolean {
  return a.mechanism === b.mechanism && a.site.phase === b.site.phase;
}

/** Thrown and caught in here: the budget is used up. */
class OutOfBudget extends Error {}

/** Thrown and caught in here: the trail to go on from is of another search than this one. */
class FalseTrail extends Error {}

class RunSearch {
  readonly #attempts: RunAttempts;
  readonly #options: ShrinkRunOptions;
  readonly #death: Diagnosis;
  readonly #longest: number;
  readonly #from = performance.now();
  readonly #tried = new Set<string>();
  readonly #accepted: { candidate: number; steps: number }[] = [];
  /** Steps of the candidates that the trail says were accepted, by their number. */
  readonly #known: ReadonlyMap<number, number>;
  #best: TrainingCase;
  /** The best one's; null while only the trail says that it dies. */
  #fatal: DyingRun["fatal"] | null;
  #candidates = 0;

  constructor(attempts: RunAttempts, first: DyingRun, options: ShrinkRunOptions) {
    this.#attempts = attempts;
    this.#options = options;
    this.#best = first.case;
    this.#fatal = first.fatal;
    this.#death = first.fatal.death;
    this.#longest = 2 * first.case.steps;
    this.#known = new Map(options.resume?.accepted.map(({ candidate, steps }) => [candidate, steps]));
  }

  async run(): Promise<ShrunkRun> {
    let minimal = true;
    try {
      await this.#untilNothingChanges("wide");
      await this.#untilNothingChanges("fine");
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error;
      minimal = false;
    }
    const fatal = await this.#fatalOfBest();
    return { run: { case: this.#best, fatal }, minimal, candidates: this.#candidates };
  }

  async #untilNothingChanges(grain: Grain): Promise<void> {
    for (let before: TrainingCase | null = null; before !== this.#best; ) {
      before = this.#best;
      await this.#cutSteps();
      for (const cut of CUTS) await this.#exhaust(cut, grain);
    }
  }

  /** Takes the start, of some, that dies soonest. */
  async #cutSteps(): Promise<void> {
    for (const seed of STARTS_FOR_STEPS) {
      const steps = this.#best.steps - 1;
      if (steps >= 1) await this.#try("steps", { ...withSeed(this.#best, seed), steps });
    }
  }

  /** Cuts, from the best on, until no case of a cut is accepted. */
  async #exhaust(cut: RunCut, grain: Grain): Promise<void> {
    while (await this.#firstOf(cut, grain));
  }

  async #firstOf(cut: RunCut, grain: Grain): Promise<boolean> {
    const best = this.#best;
    for (const smaller of cut.cases(best, grain)) {
      // A smaller network may take longer to die, up to a bound.
      const longer = { ...smaller, steps: Math.min(2 * best.steps, this.#longest) };
      const limit = isSimpler(longer, best) ? longer.steps : best.steps;
      const own = best.init.kind === "glorot" ? [best.init.seed] : [];
      for (const seed of new Set([...own, ...STARTS]))
        if (await this.#try(cut.name, { ...withSeed(smaller, seed), steps: limit })) return true;
    }
    return false;
  }

  /** Runs a case; whether it dies the same way and is simpler, and so is the best now. */
  async #try(cut: string, testCase: TrainingCase): Promise<boolean> {
    const key = JSON.stringify(testCase);
    if (this.#tried.has(key)) return false;
    this.#checkBudget();
    const { signal, onProgress, resume } = this.#options;
    const isOnTrail = this.#candidates < (resume?.candidates ?? 0);
    if (!isOnTrail) await this.#leaveTrail();
    this.#tried.add(key);
    this.#candidates += 1;
    if (isOnTrail) return this.#follow(testCase);
    const run = await this.#attempts.run(testCase, signal);
    // Cut short, it says nothing.
    if (signal?.aborted) throw new OutOfBudget();
    const accepted = run !== null && sameWay(run.fatal.death, this.#death) && isSimpler(run.case, this.#best);
    if (accepted) this.#accept(run.case, run.fatal);
    const trail = { candidates: this.#candidates, accepted: [...this.#accepted], best: this.#best };
    onProgress?.({ cut, trail });
    return accepted;
  }

  #accept(testCase: TrainingCase, fatal: DyingRun["fatal"] | null): void {
    this.#best = testCase;
    this.#fatal = fatal;
    this.#accepted.push({ candidate: this.#candidates, steps: testCase.steps });
  }

  /** Takes from the trail what a case has come to. */
  #follow(testCase: TrainingCase): boolean {
    const steps = this.#known.get(this.#candidates);
    if (steps === undefined) return false;
    this.#accept({ ...testCase, steps }, null);
    return true;
  }

  /** Before the first run of its own: the trail must have led to its best. */
  async #leaveTrail(): Promise<void> {
    const { resume } = this.#options;
    if (resume?.candidates !== this.#candidates) return;
    if (!isDeepStrictEqual(this.#best, resume.best)) throw new FalseTrail();
    await this.#fatalOfBest();
  }

  async #fatalOfBest(): Promise<DyingRun["fatal"]> {
    if (this.#fatal !== null) return this.#fatal;
    const run = await this.#attempts.run(this.#best);
    if (run === null || run.case.steps !== this.#best.steps || !sameWay(run.fatal.death, this.#death))
      throw new FalseTrail();
    this.#fatal = run.fatal;
    return run.fatal;
  }

  #checkBudget(): void {
    const { signal, budget: { candidates = Infinity, ms = Infinity } = {} } = this.#options;
    if (signal?.aborted || this.#candidates >= candidates || performance.now() - this.#from >= ms)
      throw new OutOfBudget();
  }
}

function withSeed(testCase: TrainingCase, seed: string): TrainingCase {
  const { init } = testCase;
  return init.kind === "glorot" ? { ...testCase, init: { ...init, seed } } : testCase;
}

function isSimpler(a: TrainingCase, b: TrainingCase): boolean {
  return compareCases(orderedCase(a), orderedCase(b)) < 0;
}
