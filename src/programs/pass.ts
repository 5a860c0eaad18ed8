import type { Diagnosis } from "./death.ts";

/** A step that dies, and its death. */
export interface DyingStep<Step = unknown, D extends Diagnosis = Diagnosis> {
  step: Step;
  death: D;
}

/**
 * Steps to try, one after the other. The answer to each is the step to go on from where the search accepts it (simpler than
 * before, dying of the same signature, perhaps cut off after its death), or null where it does not.
 */
export type Candidates<Step, D extends Diagnosis> = Generator<Step, void, DyingStep<Step, D> | null>;

/** One way of making a dying step simpler. */
export interface Pass<Step = unknown, D extends Diagnosis = Diagnosis> {
  name: string;
  /**
   * Set for a pass whose deletions leave the numbers less room to get plainer. Such a pass is tried only when no other is
   * accepted any more.
   */
  isLast?: true;
  /** Steps to try in place of one that dies on a host. One that is no simpler in the program's order is passed over without being run. */
  candidates(from: DyingStep<Step, D>, host: unknown): Candidates<Step, D>;
}

/** The way in which the steps of a program are made smaller. */
export interface StepShrinking<Step = unknown, D extends Diagnosis = Diagnosis> {
  /** In the order in which they are tried, again and again until none makes the step any simpler. */
  passes: readonly Pass<Step, D>[];
  /** Those that drop what the death does not need and change nothing of what is left: rows, and timesteps at the end. */
  trimming: readonly Pass<Step, D>[];
  /** The program's one total order: below 0 where the first step is simpler. */
  compare(a: Step, b: Step): number;
  /** The step without what comes after its death; null where nothing does. */
  withoutRest(step: Step, death: D): Step | null;
  /** Steps next to this one, which must die as it does: a death by the last bit is no death on another machine. */
  neighbours(step: Step): readonly Step[];
  /** True where a candidate that dies of something else shows another bug of the program, and is not the shrinker's doing. */
  isOtherBug(candidate: Step, start: Step, metZero: boolean): boolean;
}

/**
 * Deletes runs of things: halves, quarters, down to single ones, which are all tried.
 * @param count How many things a step has.
 * @param without The step without `size` things from `start` on; null where that leaves no step.
 */
export function* deleteRuns<Step, D extends Diagnosis>(
  from: DyingStep<Step, D>,
  count: (step: Step) => number,
  without: (step: Step, start: number, size: number) => Step | null,
): Candidates<Step, D> {
  let { step } = from;
  for (let size = Math.ceil(count(step) / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let start = 0; start < count(step); ) {
      const candidate = without(step, start, Math.min(size, count(step) - start));
      const accepted = candidate === null ? null : yield candidate;
      if (accepted) step = accepted.step;
      else start += size;
    }
}
