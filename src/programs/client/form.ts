import type { StateSource } from "./tfjs/parts.ts";
import type { LayersModel, Optimizer } from "./tfjs/types.ts";
import type { NamedVariable } from "./tfjs/variables.ts";

/** What the three forms of `watch` differ in. */
export interface Form {
  variables: NamedVariable[];
  optimizer: Optimizer;
  model: LayersModel | null;
  /** What is saved beside variables and optimizer. */
  sources: StateSource[];
  run(batch: readonly unknown[]): unknown;
}
