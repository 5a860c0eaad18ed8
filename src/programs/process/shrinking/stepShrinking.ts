import type { StepShrinking } from "../../pass.ts";
import type { ProgramDiagnosis } from "../diagnosis.ts";
import type { ProgramStep } from "../step.ts";
import { axes, entries } from "./axes.ts";
import { compareSteps } from "./order.ts";
import { digits, numbers, slots, tensors } from "./zeros.ts";

/** The shrinking of steps of a person's program. */
export const stepShrinking: StepShrinking<ProgramStep, ProgramDiagnosis> = {
  passes: [axes, slots, tensors, numbers, digits, entries],
  trimming: [axes],
  compare: compareSteps,
  withoutRest: () => null,
  neighbours: () => [],
  // What a smaller batch dies of besides is the shrinker's doing: nanproof does not know what batches the program can be given.
  isOtherBug: () => false,
};
