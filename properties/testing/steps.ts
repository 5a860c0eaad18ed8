import * as fc from "fast-check";
import { trainingCase } from "../../src/cases/arbitrary/trainingCase.ts";
import { DOMAINS, type Domain } from "../../src/cases/domains.ts";
import { presets } from "../../src/cases/presets.ts";
import type { TrainingCase } from "../../src/cases/schema.ts";
import { type SharedStep, sharedStep } from "../../src/relations/sharedStep.ts";
import type { Engine } from "../../src/training/engine.ts";

/** A step of a run by the number of steps taken before it. */
interface StepOfRun {
  testCase: TrainingCase;
  taken: number;
}

/** Steps of runs of a preset: half of them the first one, from a fresh state, the others up to 40 steps on. */
export function stepsOf(
  preset: keyof typeof presets,
  differs: Partial<Domain> = {},
): fc.Arbitrary<StepOfRun> {
  const cases = trainingCase({ ...DOMAINS.wide, ...differs }, presets[preset]);
  return fc.record({ testCase: cases, taken: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 })) });
}

/** The step itself. */
export function stepAt(engine: Engine, { testCase, taken }: StepOfRun): SharedStep {
  return sharedStep(engine, testCase, taken);
}
