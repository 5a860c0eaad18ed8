import type { ProgressEvent } from "../documents/progressEvent.ts";
import type { TimedProgress } from "./progress.ts";
import { progressEvent } from "./progressEvents.ts";

/** Milliseconds between two events of progress: a program that reads them has something else to do. */
const EVENT_MS = 250;

/** Writes the progress of a command as events, a line each. */
export class EventLines {
  readonly #command: string;
  readonly #write: (line: string) => void;
  #last: TimedProgress | null = null;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(command: string, write: (line: string) => void) {
    this.#command = command;
    this.#write = write;
  }

  /** Writes a warning, an error, or any other text that stays: an event a line. */
  note(text: string): void {
    for (const line of text.split("\n"))
      this.#event({ type: "note", schemaVersion: 1, command: this.#command, text: line });
  }

  /** Writes the progress of the command; null ends a part of it, whose latest progress is then written. */
  progress(progress: TimedProgress | null): void {
    if (progress === null) {
      if (this.#last !== null) this.#event(progressEvent("done", this.#command, this.#last));
      this.#last = null;
      this.#writtenAt = Number.NEGATIVE_INFINITY;
      return;
    }
    this.#last = progress;
    if (performance.now() - this.#writtenAt < EVENT_MS) return;
    this.#writtenAt = performance.now();
    this.#event(progressEvent("progress", this.#command, progress));
  }

  #event(event: ProgressEvent): void {
    this.#write(JSON.stringify(event));
  }
}
