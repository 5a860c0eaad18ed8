import type { StateSource } from "./tfjs/parts.ts";
import type { LayersModel, Optimizer } from "./tfjs/types.ts";
import type { NamedVariable } from "./tfjs/variables.ts";

/** The parts of a training in which the three forms of `watch` differ. */
export interface Form {
  variables: NamedVariable[];
  optimizer: Optimizer;
  model: LayersModel | null;
  /** Sources of the state beside variables and optimizer. */
  sources: StateSource[];
  run(batch: readonly unknown[]): unknown;
}
