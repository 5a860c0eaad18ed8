import type { Batch } from "./batch.ts";
import type { TrainingCase } from "./schema.ts";
import type { TrainingState } from "./state.ts";

/** A training step cut out of its run: from this state, on this batch. */
export interface CapturedStep {
  case: TrainingCase;
  state: TrainingState;
  batch: Batch;
}
