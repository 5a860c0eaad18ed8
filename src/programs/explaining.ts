import type { Diagnosis } from "./death.ts";
import type { Answer } from "./session.ts";

/** A number of a step that can be another one. */
export interface StepNumber<Step = unknown> {
  /** Where it stands in a fixture's case, as RFC 6901 has it; what it is called, where the case does not write it. */
  what: string;
  value: number;
  /** The step with another value in its place; null where that is no step. */
  with(value: number): Step | null;
}

/** A size or a setting of a step, which is looked at from one end of its range to the other. */
export interface StepKnob<Step = unknown> extends StepNumber<Step> {
  /** What may be tried, in order; those of a `size` are whole. The step as it is lies before the first, or at one end. */
  kind: "size" | "setting";
  least: number;
  most: number;
  /** The ratio of two settings that are near enough; neighbouring float32 unless given. */
  near?: number;
}

/** How a step came to its death. */
export interface Story {
  /** One paragraph, a sentence each. */
  sentences: readonly string[];
  growth: {
    /** By what the largest state grew a timestep at the end; null where it did not. */
    perTimestep: number | null;
    /** The few numbers that carry the growth, the largest share first. */
    through: readonly string[];
  };
  /** log10 of the largest state, timestep by timestep; empty where there is none. */
  levels: readonly number[];
  /** What the levels go over; timesteps from 0 on unless given. */
  axis?: { what: string; first: number; last: number };
}

/** What a program can tell of a death beyond its name. */
export interface Explaining<Step = unknown, D extends Diagnosis = Diagnosis> {
  /**
   * @param host What went over the step.
   * @param signal What takes long is left out once it says stop.
   */
  story(host: unknown, step: Step, death: D, signal: { readonly aborted: boolean }): Answer<Story>;
  /** The numbers that a step writes out, those that are not 0 first. */
  numbers(step: Step): readonly StepNumber<Step>[];
  knobs(step: Step, death: D): readonly StepKnob<Step>[];
  /** Whether a step lives; null where the program does not take it. Left out where going over it costs no more. */
  lives?(host: unknown, step: Step): Answer<boolean | null>;
  /** The index of a step's batch in its epoch; a step counts from 1. */
  batchOf(testCase: unknown, step: number, files: { folder: string }): number;
  /** What the program does not show, a sentence each. Left out where it shows all. */
  untellable?(host: unknown, step: Step, death: D): Answer<readonly string[]>;
}
