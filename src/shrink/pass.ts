import type { CapturedStep } from "../cases/capturedStep.ts";
import type { Diagnosis } from "../training/diagnosis.ts";

/** A step that dies, and what of. */
export interface DyingStep {
  step: CapturedStep;
  death: Diagnosis;
}

/**
 * Steps to try, one after the other. To each the answer is what came of it: the step that the search stands at now
 * (simpler than before, dying of the same signature), or null where it still stands where it stood.
 */
export type Candidates = Generator<CapturedStep, void, DyingStep | null>;

/** One way of making a dying step simpler. */
export interface Pass {
  name: string;
  /** What to try at a step. What is no simpler in the order of cases is passed over without being run. */
  candidates: (from: DyingStep, look: Look) => Candidates;
}

/** What each layer of a step hands to the next one, the lowest first: hidden states [rows, time, units]. */
export type Look = (step: CapturedStep) => Float32Array[];

/**
 * Deletes runs of things: halves, quarters, down to single ones, which are all tried.
 * @param count How many things a step has.
 * @param without The step without `size` things from `start` on; null where that leaves no step.
 */
export function* deleteRuns(
  from: DyingStep,
  count: (step: CapturedStep) => number,
  without: (step: CapturedStep, start: number, size: number) => CapturedStep | null,
): Candidates {
  let { step } = from;
  for (let size = Math.ceil(count(step) / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let start = 0; start < count(step); ) {
      const candidate = without(step, start, Math.min(size, count(step) - start));
      const accepted = candidate === null ? null : yield candidate;
      if (accepted) step = accepted.step;
      else start += size;
    }
}
