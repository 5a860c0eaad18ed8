import { isVariable } from "./engine.ts";
import type { Optimizer, Variable } from "./types.ts";

/** A tensor that an optimizer keeps for one variable, as tensorflow.js has it in its fields. */
interface OptimizerVariable {
  originalName: string;
  variable: Variable;
}

/** One kind of slot: a field of the optimizer, with one entry a variable in the order in which it gets gradients. */
export interface SlotField {
  /** As files call it: `m`, `v`, `momentum`. */
  slot: string;
  entries: (OptimizerVariable | undefined)[];
}

/** Short names for the fields of the optimizers of tensorflow.js; another optimizer's fields are called what they are. */
export const SLOTS: Readonly<Record<string, string>> = {
  accumulations: "momentum",
  accumulatedMeanSquares: "rms",
  accumulatedMoments: "momentum",
  accumulatedMeanGrads: "mg",
  accumulatedGrads: "accumulator",
  accumulatedUpdates: "accum_var",
  accumulatedFirstMoment: "m",
  accumulatedSecondMoment: "v",
  accumulatedWeightedInfNorm: "v",
};

/** Every field that has an entry a variable. The arrays are the optimizer's own. */
export function slotFields(optimizer: Optimizer): SlotField[] {
  return Object.entries(optimizer).flatMap(([field, value]) =>
    Array.isArray(value) && (value.length > 0 ? value.every(isEntry) : field in SLOTS)
      ? [{ slot: SLOTS[field] ?? field, entries: value as SlotField["entries"] }]
      : [],
  );
}

/** Every variable that the optimizer has for itself, by field: Adam's powers of beta, Adamax's iteration. */
export function counterVariables(optimizer: Optimizer): [string, Variable][] {
  return Object.entries(optimizer).filter((field): field is [string, Variable] => isVariable(field[1]));
}

/** The count of steps in the optimizer's own field, or null where there is none. */
export function iterationsOf(optimizer: Optimizer): number | null {
  const { iterations } = optimizer as { iterations?: unknown };
  return typeof iterations === "number" ? iterations : null;
}

/** Sets the count of steps. */
export function setIterations(optimizer: Optimizer, count: number): void {
  (optimizer as { iterations_?: number }).iterations_ = count;
}

function isEntry(value: unknown): boolean {
  return value === undefined || isVariable((value as Partial<OptimizerVariable> | null)?.variable);
}
