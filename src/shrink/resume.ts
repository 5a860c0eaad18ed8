import type { Diagnosis } from "../programs/death.ts";
import type { Host } from "../programs/program.ts";
import { type ShrinkOptions, type ShrunkStep, shrinkStep } from "./shrinkStep.ts";

/** The point that an earlier shrink of the same fixture had reached. */
export interface ResumedShrink<Step = unknown> {
  step: Step;
  /** Steps that it had run for trying candidates. */
  candidates: number;
}

/** Goes on from the step that an earlier shrink had reached; null where that does not die of the signature. */
export async function resumeShrink<Step, D extends Diagnosis>(
  host: Host<unknown, Step, D>,
  death: D,
  { step, candidates: before }: ResumedShrink<Step>,
  { budget = {}, onProgress, ...options }: ShrinkOptions<Step, D>,
): Promise<ShrunkStep<Step, D> | null> {
  const { candidates } = budget;
  const start = { step, death };
  const shrunk = await shrinkStep(host, start, {
    ...options,
    budget: { ...budget, ...(candidates !== undefined && { candidates: candidates - before }) },
    onProgress: (progress) => onProgress?.({ ...progress, candidates: before + progress.candidates }),
  });
  return shrunk && { ...shrunk, candidates: before + shrunk.candidates };
}
