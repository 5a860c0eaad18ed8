import { isDeepStrictEqual } from "node:util";
import type { Diagnosis } from "../../programs/death.ts";
import type { DyingStep } from "../../programs/pass.ts";
import type { Grain, RunCut, RunShrinking } from "../../programs/runShrinking.ts";
import type { DyingRun, RunAttempts } from "./attempt.ts";
import type { Trail } from "./trail.ts";

/** Bounds that stop a search short of its end; what is left out does not stop it. */
interface RunBudget {
  /** Runs started: the same on every machine. */
  candidates?: number;
  /** Milliseconds of the clock. */
  ms?: number;
}

/** The progress of a search for the smallest run. */
interface RunProgress<Case> {
  /** The name of the cut that is being tried. */
  cut: string;
  trail: Trail<Case>;
}

/** Options of a search for the smallest run. */
export interface ShrinkRunOptions<Case = unknown> {
  budget?: RunBudget;
  /** After every run. */
  onProgress?: (progress: RunProgress<Case>) => void;
  signal?: AbortSignal;
  /** Of a search from the same start that was stopped: its runs are not started again, but count. */
  resume?: Trail<Case>;
}

/** The smallest run found. */
export interface ShrunkRun<Case = unknown, Step = unknown, D extends Diagnosis = Diagnosis> {
  run: DyingRun<Case, Step, D>;
  /** True where every cut was tried, with every start, and none of them died the same way any more. */
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
export async function shrinkRun<Case, Step, D extends Diagnosis>(
  attempts: RunAttempts<Case, Step, D>,
  start: Case,
  options: ShrinkRunOptions<Case> = {},
): Promise<ShrunkRun<Case, Step, D> | null> {
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

/** Thrown and caught in here: the budget is used up. */
class OutOfBudget extends Error {}

/** Thrown and caught in here: the trail to go on from is of another search than this one. */
class FalseTrail extends Error {}

class RunSearch<Case, Step, D extends Diagnosis> {
  readonly #attempts: RunAttempts<Case, Step, D>;
  readonly #shrinking: RunShrinking<Case, D>;
  readonly #options: ShrinkRunOptions<Case>;
  readonly #death: D;
  readonly #longest: number;
  readonly #from = performance.now();
  readonly #tried = new Set<string>();
  readonly #accepted: { candidate: number; steps: number }[] = [];
  /** Steps of the candidates that the trail says were accepted, by their number. */
  readonly #known: ReadonlyMap<number, number>;
  #best: Case;
  /** The best one's; null while only the trail says that it dies. */
  #fatal: DyingStep<Step, D> | null;
  #candidates = 0;

  constructor(
    attempts: RunAttempts<Case, Step, D>,
    first: DyingRun<Case, Step, D>,
    options: ShrinkRunOptions<Case>,
  ) {
    this.#attempts = attempts;
    this.#shrinking = attempts.host.program.runShrinking;
    this.#options = options;
    this.#best = first.case;
    this.#fatal = first.fatal;
    this.#death = first.fatal.death;
    this.#longest = 2 * this.#shrinking.stepsOf(first.case);
    this.#known = new Map(options.resume?.accepted.map(({ candidate, steps }) => [candidate, steps]));
  }

  async run(): Promise<ShrunkRun<Case, Step, D>> {
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
    for (let before: Case | null = null; before !== this.#best; ) {
      before = this.#best;
      await this.#cutSteps();
      for (const cut of this.#shrinking.cuts) await this.#exhaust(cut, grain);
    }
  }

  /** Takes the start, of some, that dies soonest. */
  async #cutSteps(): Promise<void> {
    for (const seed of STARTS_FOR_STEPS) {
      const steps = this.#shrinking.stepsOf(this.#best) - 1;
      if (steps >= 1) await this.#try("steps", this.#started(this.#best, seed, steps));
    }
  }

  /** Cuts, from the best on, until no case of a cut is accepted. */
  async #exhaust(cut: RunCut<Case>, grain: Grain): Promise<void> {
    while (await this.#firstOf(cut, grain));
  }

  async #firstOf(cut: RunCut<Case>, grain: Grain): Promise<boolean> {
    const best = this.#best;
    const { stepsOf, withSteps, seedOf } = this.#shrinking;
    for (const smaller of cut.cases(best, grain)) {
      // A smaller network may take longer to die, up to a bound.
      const longer = withSteps(smaller, Math.min(2 * stepsOf(best), this.#longest));
      const limit = this.#isSimpler(longer, best) ? stepsOf(longer) : stepsOf(best);
      const own = seedOf(best);
      for (const seed of new Set([...(own === null ? [] : [own]), ...STARTS]))
        if (await this.#try(cut.name, this.#started(smaller, seed, limit))) return true;
    }
    return false;
  }

  /** Runs a case; true where it dies the same way and is simpler, and so is the best now. */
  async #try(cut: string, testCase: Case): Promise<boolean> {
    const key = JSON.stringify(testCase);
    if (this.#tried.has(key)) return false;
    this.#checkBudget();
    const { signal, onProgress, resume } = this.#options;
    const isOnTrail = this.#candidates < (resume?.candidates ?? 0);
    if (!isOnTrail) await this.#leaveTrail();
    this.#tried.add(key);
    this.#candidates += 1;
    if (isOnTrail) return this.#follow(testCase);
    const run = await this.#attempts.runIfCan(testCase, signal);
    // Cut short, it says nothing.
    if (signal?.aborted) throw new OutOfBudget();
    const accepted =
      run !== null &&
      this.#shrinking.sameWay(run.fatal.death, this.#death) &&
      this.#isSimpler(run.case, this.#best);
    if (accepted) this.#accept(run.case, run.fatal);
    const trail = { candidates: this.#candidates, accepted: [...this.#accepted], best: this.#best };
    onProgress?.({ cut, trail });
    return accepted;
  }

  #accept(testCase: Case, fatal: DyingStep<Step, D> | null): void {
    this.#best = testCase;
    this.#fatal = fatal;
    this.#accepted.push({ candidate: this.#candidates, steps: this.#shrinking.stepsOf(testCase) });
  }

  /** Takes the result of a case from the trail. */
  #follow(testCase: Case): boolean {
    const steps = this.#known.get(this.#candidates);
    if (steps === undefined) return false;
    this.#accept(this.#shrinking.withSteps(testCase, steps), null);
    return true;
  }

  /** Before the first run of its own: the trail must have led to its best. */
  async #leaveTrail(): Promise<void> {
    const { resume } = this.#options;
    if (resume?.candidates !== this.#candidates) return;
    if (!isDeepStrictEqual(this.#best, resume.best)) throw new FalseTrail();
    await this.#fatalOfBest();
  }

  async #fatalOfBest(): Promise<DyingStep<Step, D>> {
    if (this.#fatal !== null) return this.#fatal;
    const run = await this.#attempts.run(this.#best);
    const { stepsOf, sameWay } = this.#shrinking;
    if (run === null || stepsOf(run.case) !== stepsOf(this.#best) || !sameWay(run.fatal.death, this.#death))
      throw new FalseTrail();
    this.#fatal = run.fatal;
    return run.fatal;
  }

  #checkBudget(): void {
    const { signal, budget: { candidates = Infinity, ms = Infinity } = {} } = this.#options;
    if (signal?.aborted || this.#candidates >= candidates || performance.now() - this.#from >= ms)
      throw new OutOfBudget();
  }

  /** The case from another start, for so many steps. */
  #started(testCase: Case, seed: string, steps: number): Case {
    return this.#shrinking.withSteps(this.#shrinking.withSeed(testCase, seed), steps);
  }

  #isSimpler(a: Case, b: Case): boolean {
    return this.#shrinking.compare(a, b) < 0;
  }
}
