import type { UsageError } from "../documents/errors.ts";
import type { TextReading } from "../programs/lstm/cases/batch.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import type { EngineName } from "../programs/lstm/engines/engine.ts";
import type { StepRecord } from "../programs/stepRecord.ts";
import type { EpochReport, TrainReport } from "../reporters/train.ts";
import type { Alarmed } from "../warning/alarm.ts";

/** All that a training run is told, as plain data: it runs in a thread of its own. */
export interface TrainJob {
  /** Its `steps` count where there are no `epochs`. */
  testCase: TrainingCase;
  /** Where the text of the case is. */
  folder: string;
  /** Times to go over the data; null for as many steps as the case says. */
  epochs: number | null;
  engine: EngineName;
  /** What the run is held to besides that all is finite, as `--invariant` takes it. */
  invariants: readonly string[];
  /** Folder for the fixture of a death. */
  out: string;
  /** The preset that it starts from, or the file of its case. */
  preset: string;
  seed: string;
  /** Folder for TensorBoard's event file; null for none. */
  tensorboard: string | null;
  /** Whether the step of a death is shrunk. */
  shrink: boolean;
  /** Whether the run ends when the alarm of overflow begins. */
  stopEarly: boolean;
}

/** What a training run tells while it goes on. */
export type TrainEvent =
  /** The data is read, `text` if it is a text file; `steps` are to be taken. */
  | { kind: "opened"; description: string; engine: EngineName; steps: number; text?: TextReading }
  /** How far it is; not told of every step where steps are fast. */
  | { kind: "stepped"; progress: Progress }
  | { kind: "epoch"; report: EpochReport }
  /** float32 is about to overflow, by what was seen so far. */
  | { kind: "alarm"; alarmed: Alarmed }
  /** A step was fatal: its cause is looked for, and the step is shrunk, confirmed and written. */
  | { kind: "capturing"; progress: Progress }
  /** The death is on disk as far as it has come; what is reported should nothing better follow. */
  | { kind: "kept"; report: TrainReport }
  /** What is done with it now, in words. */
  | { kind: "part"; line: string }
  /** How far the shrinking is, in words. */
  | { kind: "shrinking"; line: string }
  /** A file could not be written; the run goes on, and what else is found is kept. */
  | { kind: "unwritten"; error: Refusal }
  | { kind: "ended"; report: TrainReport }
  | { kind: "refused"; error: Refusal };

/** A `UsageError` as plain data. */
export type Refusal = Pick<UsageError, "code" | "message" | "hint">;

/** What is told of an error to another thread. */
export function refusal({ code, message, hint }: UsageError): Refusal {
  return { code, message, hint };
}

/** Where a run stands. */
export interface Progress {
  epoch: number;
  /** Steps taken. */
  steps: number;
  /** The last of them. */
  record: StepRecord;
  /** Milliseconds a step, validation left out. */
  msPerStep: number;
}
