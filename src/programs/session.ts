import type { Diagnosis } from "./death.ts";
import type { StepRecord } from "./stepRecord.ts";

/** At once, or later: an engine in this process answers at once, another process later. */
export type Answer<T> = T | Promise<T>;

/** An array of a program's state, as its digest takes it; names are for people. */
export type NamedArrays = readonly (readonly [name: string, values: Float32Array])[];

/** A run of a program in progress. It owns memory outside the JavaScript heap, or a process: dispose of it. */
export interface Session<Step = unknown, D extends Diagnosis = Diagnosis> {
  /** The most steps that the case trains. */
  readonly steps: number;
  /** The data that it trains on, for a person. */
  readonly description: string;
  /** Trains one step on the program's own next batch. Null where the program has ended. */
  step(): Answer<StepRecord | null>;
  /** The step taken last, cut out of its run: the state before it, and its batch. */
  cutOut(): Answer<Step>;
  /** Runs the step taken last again, slowly, from the state before it, and names its death. Null where every value in it is finite. */
  diagnose(): Answer<D | null>;
  /** The cost of the step taken last, in multiply-adds or the like: counted, never timed. */
  work(): number;
  /** Every array of the state: before the step taken last, or after it. */
  state(when: "before" | "now"): Answer<NamedArrays>;
  dispose(): Answer<void>;
}
