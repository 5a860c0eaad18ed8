import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { shellWord } from "../documents/printable.ts";
import { writeAll } from "../documents/writeAll.ts";
import {
  alarmScalars,
  type Scalar,
  scalarRecord,
  stepScalars,
  versionRecord,
} from "../programs/lstm/reporters/tensorboard.ts";
import type { StepRecord } from "../programs/stepRecord.ts";
import type { Alarmed } from "../warning/alarm.ts";

/** Part of the name by which TensorBoard knows its files. */
const EVENT_FILE = "tfevents";

/**
 * An event file of a run. Each record is written whole and at once, so that the file is readable while the run
 * goes on and however it ends. It holds the time of day; nothing else that nanproof writes does.
 */
export class EventFile {
  readonly #descriptor: number;
  readonly #path: string;
  /** Bytes of the records that are in it. */
  #size = 0;

  /**
   * Opens a new file in the folder, which is made where it is not there.
   * @throws UsageError when it cannot be written.
   */
  constructor(folder: string) {
    const seconds = Math.floor(now());
    const name = `events.out.${EVENT_FILE}.${seconds}.nanproof`;
    try {
      mkdirSync(folder, { recursive: true });
      // Runs that start within one second of another are told apart by a number.
      const before = readdirSync(folder).filter((other) => other.startsWith(name)).length;
      this.#path = join(folder, before === 0 ? name : `${name}.${before}`);
      this.#descriptor = openSync(this.#path, "wx");
    } catch (error) {
      throw unwritable(folder, error);
    }
    try {
      this.#write(versionRecord(now()));
    } catch (error) {
      this.close();
      rmSync(this.#path, { force: true });
      throw error;
    }
  }

  /**
   * Writes the scalars of a step, and those of an alarm of overflow at it.
   * @throws UsageError when it cannot be written; the file ends with the record before it then.
   */
  step(record: StepRecord, alarmed: Alarmed | null = null): void {
    this.#scalars(record.step, [...stepScalars(record), ...alarmScalars(alarmed)]);
  }

  /**
   * Writes the validation loss at the end of an epoch.
   * @throws UsageError as {@link step} does.
   */
  validation(step: number, loss: number): void {
    this.#scalars(step, [["validation_loss", loss]]);
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#descriptor);
  }

  #scalars(step: number, scalars: Scalar[]): void {
    this.#write(scalarRecord(now(), step, scalars));
  }

  #write(record: Uint8Array): void {
    try {
      writeAll(this.#descriptor, record);
      this.#size += record.length;
    } catch (error) {
      ftruncateSync(this.#descriptor, this.#size);
      throw unwritable(this.#path, error);
    }
  }
}

/** True of a folder that holds event files already: TensorBoard draws all files of a folder as one run. */
export function holdsEvents(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.includes(EVENT_FILE));
  } catch {
    return false;
  }
}

/** Seconds since 1970. */
function now(): number {
  return Date.now() / 1000;
}

function unwritable(path: string, error: unknown): UsageError {
  return new UsageError(
    "NANPROOF_E_TENSORBOARD",
    `event file in ${shellWord(path)}: ${(error as Error).message}`,
    "give --tensorboard a folder that can be written to, with room in it",
  );
}
