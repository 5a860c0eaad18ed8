import type { ProgramStep } from "../step.ts";

/** The seventh step of a run, with neither state nor batch. */
export const EMPTY_STEP: ProgramStep = {
  case: { schemaVersion: 1, knobs: {}, seed: 1, steps: 9, cutOutAt: 7 },
  state: { tensors: new Map(), metadata: {} },
  batch: { tensors: new Map(), metadata: {} },
};
