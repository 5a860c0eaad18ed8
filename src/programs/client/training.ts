import type { ProgramInvariant } from "./invariants.ts";
import type { Watcher } from "./tfjs/gradients.ts";
import type { State } from "./tfjs/state.ts";
import type { LayersModel, Optimizer } from "./tfjs/types.ts";
import type { NamedVariable } from "./tfjs/variables.ts";

/** One training that is watched: its parts, and a way to run a step of it. */
export interface Training {
  variables: readonly NamedVariable[];
  optimizer: Optimizer;
  /** The model of tf.layers, where the training is one's. */
  model: LayersModel | null;
  state: State;
  gradients: Watcher;
  invariants: readonly ProgramInvariant[];
  /** The name of a slot in files, by the name that the optimizer has for it. */
  slotName(originalName: string, slot: string): string;
  /** Runs the person's step, or ours, unwatched. May give a promise. */
  run(batch: readonly unknown[]): unknown;
  /** The loss in what `run` gave. */
  lossOf(result: unknown): number;
}
