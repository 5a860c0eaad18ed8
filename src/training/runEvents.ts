import { UsageError } from "../documents/errors.ts";
import type { StepRecord } from "../programs/stepRecord.ts";
import type { Alarmed } from "../warning/alarm.ts";
import { EventFile } from "./eventFile.ts";

/** The event file of a training run, if it has one. The run outlives it: a file that takes no more is closed, and reported once. */
export class RunEvents {
  #file: EventFile | null;
  readonly #onUnwritten: (error: UsageError) => void;

  /**
   * @param folder Folder of the file; null for none.
   * @throws UsageError when it cannot be begun.
   */
  constructor(folder: string | null, onUnwritten: (error: UsageError) => void) {
    this.#file = folder === null ? null : new EventFile(folder);
    this.#onUnwritten = onUnwritten;
  }

  /** Writes the scalars of a step, and those of an alarm at it. */
  step(record: StepRecord, alarmed: Alarmed | null = null): void {
    this.#write((file) => file.step(record, alarmed));
  }

  /** Writes the validation loss at the end of an epoch. */
  validation(step: number, loss: number): void {
    this.#write((file) => file.validation(step, loss));
  }

  /** Closes the file. */
  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  #write(write: (file: EventFile) => void): void {
    if (this.#file === null) return;
    try {
      write(this.#file);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.close();
      this.#onUnwritten(error);
    }
  }
}
