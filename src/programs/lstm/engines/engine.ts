import type { Host } from "../../program.ts";
import type { StepRecord } from "../../stepRecord.ts";
import type { Batch } from "../cases/batch.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { TrainingState } from "../cases/state.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import type { TraceGroup } from "../diagnosis/trace.ts";

/** Every engine there is, by the name that `--engine` takes. */
export const ENGINE_NAMES = ["explorer", "tfjs-wasm", "tfjs-cpu", "tfjs-node"] as const;
/** One of {@link ENGINE_NAMES}. */
export type EngineName = (typeof ENGINE_NAMES)[number];

/** The engine that computes where none is named. */
export const DEFAULT_ENGINE: EngineName = "explorer";

/** The engine that users run: a finding counts only once its fatal step dies the same way on it. */
export const CONFIRMING_ENGINE: EngineName = "tfjs-wasm";

/** A way to run training steps. */
export interface Engine extends Host<TrainingCase, CapturedStep, Diagnosis> {
  readonly name: EngineName;
  /**
   * Checks that the engine can run a case, before it asks for any memory; left out by an engine without bounds of its own.
   * @throws UnsupportedCaseError when it cannot.
   */
  check?(testCase: TrainingCase): void;
  /**
   * Opens a run of the case from `state` (which is copied).
   * @throws UnsupportedCaseError when this engine cannot run the case as it is.
   */
  start(testCase: TrainingCase, state: TrainingState): Training;
}

/** A run in progress. It owns memory outside the JavaScript heap: dispose of it. */
export interface Training {
  /** Forward, loss, backward, clipping and update on one batch. */
  step(batch: Batch): StepRecord;
  /** The cosine distance of the outputs on a batch, without regulariser; changes nothing. */
  evaluate(batch: Batch): number;
  /** A copy of the present state. */
  state(): TrainingState;
  /** A copy of the state just before the last step; the start where none was taken. */
  previousState(): TrainingState;
  /** The outputs of the top layer on a batch, [rows, time, units], 0 past the end of a row. Changes nothing. */
  outputs(batch: Batch): Float32Array;
  /** The gradients that a step on a batch would update by, after both clips: inside a row and the optimizer's. Changes nothing. */
  gradients(batch: Batch): TrainingState["weights"];
  /**
   * Computes one step from the present state, slowly, and yields every intermediate value
   * in the canonical order of {@link TraceGroup}. Changes nothing.
   */
  trace(batch: Batch): Iterable<TraceGroup>;
  dispose(): void;
}
