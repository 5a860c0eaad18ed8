import type { BrokenRule } from "./invariants.ts";
import type { Observed } from "./observe.ts";
import type { Frame } from "./stack.ts";
import type { Snapshot } from "./tfjs/parts.ts";
import type { Training } from "./training.ts";
import type { WatchOptions } from "./watchTypes.ts";

/** One step that is kept: all that it takes to run it again. */
export interface KeptStep {
  step: number;
  before: Snapshot;
  batch: unknown[];
}

/** A step of a person's own script that died. */
export interface Died {
  training: Training;
  options: WatchOptions;
  kept: KeptStep;
  observed: Observed;
  violated: BrokenRule[];
  call: Frame | null;
}
