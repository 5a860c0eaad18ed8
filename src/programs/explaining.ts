import type { Diagnosis } from "./death.ts";
import type { Answer } from "./session.ts";

/** A number of a step that can be another one. */
export interface StepNumber<Step = unknown> {
  /** Its place in a fixture's case, as RFC 6901 has it; its name, where the case does not write it. */
  what: string;
  value: number;
  /** The step with another value in its place; null where that is no step. */
  with(value: number): Step | null;
}

/** A size or a setting of a step, which is looked at from one end of its range to the other. */
export interface StepKnob<Step = unknown> extends StepNumber<Step> {
  /** The kind of value. Those of a `size` are whole. The step as it is lies before the first value, or at one end. */
  kind: "size" | "setting";
  least: number;
  most: number;
  /** The ratio of two settings that are near enough; neighbouring float32 unless given. */
  near?: number;
}

/** The story of a step up to its death. */
export interface Story {
  /** One paragraph, a sentence each. */
  sentences: readonly string[];
  growth: {
    /** The factor by which the largest state grew a timestep at the end; null where it did not. */
    perTimestep: number | null;
    /** The few numbers that carry the growth, the largest share first. */
    through: readonly string[];
  };
  /** log10 of the largest state, timestep by timestep; empty where there is none. */
  levels: readonly number[];
  /** The axis of the levels; timesteps from 0 on unless given. */
  axis?: { what: string; first: number; last: number };
}

/** The explanations of a death that a program has beyond its name. */
export interface Explaining<Step = unknown, D extends Diagnosis = Diagnosis> {
  /**
   * @param host The host that named the death.
   * @param signal Leaves out what takes long, once it says stop.
   */
  story(host: unknown, step: Step, death: D, signal: { readonly aborted: boolean }): Answer<Story>;
  /** The numbers that a step writes out, those that are not 0 first. */
  numbers(step: Step): readonly StepNumber<Step>[];
  knobs(step: Step, death: D): readonly StepKnob<Step>[];
  /** Sizes and settings of the run that died, each with another value: the case. Left out where all of them are those of a step too. */
  runKnobs?(host: unknown, testCase: unknown): readonly StepKnob<unknown>[];
  /** True where a step lives; null where the program does not take it. Left out where naming its death costs no more. */
  lives?(host: unknown, step: Step): Answer<boolean | null>;
  /** The index of a step's batch in its epoch; a step counts from 1. */
  batchOf(testCase: unknown, step: number, files: { folder: string }): number;
  /** Sentences on what the program does not show. Left out where it shows all. */
  untellable?(host: unknown, step: Step, death: D): Answer<readonly string[]>;
}
