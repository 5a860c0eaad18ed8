import type { RunShrinking } from "../../runShrinking.ts";
import { compareCases, orderedCase } from "../cases/order.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import { CUTS } from "./cuts.ts";

/** The means to make runs of the LSTM smaller. */
export const runShrinking: RunShrinking<TrainingCase, Diagnosis> = {
  cuts: CUTS,
  compare: (a, b) => compareCases(orderedCase(a), orderedCase(b)),
  // The activation of the layer that grows may be cut.
  sameWay: (a, b) => a.mechanism === b.mechanism && a.site?.phase === b.site?.phase,
  seedOf: ({ init }) => (init.kind === "glorot" ? init.seed : null),
  withSeed: (testCase, seed) =>
    testCase.init.kind === "glorot" ? { ...testCase, init: { ...testCase.init, seed } } : testCase,
  stepsOf: ({ steps }) => steps,
  withSteps: (testCase, steps) => ({ ...testCase, steps }),
};
