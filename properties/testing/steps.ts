import * as fc from "fast-check";
import { DOMAINS, type Domain } from "../../src/programs/lstm/cases/domains.ts";
import { presets } from "../../src/programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../../src/programs/lstm/cases/schema.ts";
import type { Engine } from "../../src/programs/lstm/engines/engine.ts";
import { trainingCase } from "../../src/programs/lstm/generation/trainingCase.ts";
import { type SharedStep, sharedStep } from "../../src/programs/lstm/relations/sharedStep.ts";

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
