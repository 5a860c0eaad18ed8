import type { UsageError } from "../documents/errors.ts";
import type { TextReading } from "../programs/lstm/cases/batch.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import type { EngineName } from "../programs/lstm/engines/engine.ts";
import type { StepRecord } from "../programs/stepRecord.ts";
import type { EpochReport, TrainReport } from "../reporters/train.ts";
import type { Alarmed } from "../warning/alarm.ts";

/** The whole order for a training run, as plain data: it runs in a thread of its own. */
export interface TrainJob {
  /** Its `steps` count where there are no `epochs`. */
  testCase: TrainingCase;
  /** The folder of the case's text. */
  folder: string;
  /** Passes over the data; null for as many steps as the case says. */
  epochs: number | null;
  engine: EngineName;
  /** Invariants that the run must hold besides `finite`, as `--invariant` takes them. */
  invariants: readonly string[];
  /** Folder for the fixture of a death. */
  out: string;
  /** The preset that it starts from, or the file of its case. */
  preset: string;
  seed: string;
  /** Folder for TensorBoard's event file; null for none. */
  tensorboard: string | null;
  /** True where the step of a death is shrunk. */
  shrink: boolean;
  /** True where the run ends when the alarm of overflow begins. */
  stopEarly: boolean;
}

/** An event of a training run. */
export type TrainEvent =
  /** The data is read, `text` if it is a text file; `steps` are to be taken. */
  | { kind: "opened"; description: string; engine: EngineName; steps: number; text?: TextReading }
  /** Progress; of fast steps not each one is reported. */
  | { kind: "stepped"; progress: Progress }
  | { kind: "epoch"; report: EpochReport }
  /** float32 is about to overflow, by what was seen so far. */
  | { kind: "alarm"; alarmed: Alarmed }
  /** A step was fatal: its cause is looked for, and the step is shrunk, confirmed and written. */
  | { kind: "capturing"; progress: Progress }
  /** The death is on disk as it is so far: the report, should nothing better follow. */
  | { kind: "kept"; report: TrainReport }
  /** The part of the work on it that begins now, in words. */
  | { kind: "part"; line: string }
  /** Progress of the shrinking, in words. */
  | { kind: "shrinking"; line: string }
  /** A file could not be written; the run goes on, and what else is found is kept. */
  | { kind: "unwritten"; error: Refusal }
  | { kind: "ended"; report: TrainReport }
  | { kind: "refused"; error: Refusal };

/** A `UsageError` as plain data. */
export type Refusal = Pick<UsageError, "code" | "message" | "hint">;

/** Makes plain data of an error, for another thread. */
export function refusal({ code, message, hint }: UsageError): Refusal {
  return { code, message, hint };
}

/** Progress of a run. */
export interface Progress {
  epoch: number;
  /** Steps taken. */
  steps: number;
  /** The last of them. */
  record: StepRecord;
  /** Milliseconds a step, validation left out. */
  msPerStep: number;
}
