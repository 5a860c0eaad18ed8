import type { ProgressEvent } from "../documents/progressEvent.ts";
import type { ToldProgress } from "./progress.ts";
import { progressEvent } from "./progressEvents.ts";

/** Milliseconds between two events of progress: a program that reads them has something else to do. */
const EVENT_MS = 250;

/** Writes how a command goes on as events, a line each. What is told last is always written. */
export class EventLines {
  readonly #command: string;
  readonly #write: (line: string) => void;
  #last: ToldProgress | null = null;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(command: string, write: (line: string) => void) {
    this.#command = command;
    this.#write = write;
  }

  /** Tells a warning, an error, or what else stays: an event a line. */
  note(text: string): void {
    for (const line of text.split("\n"))
      this.#event({ type: "note", schemaVersion: 1, command: this.#command, text: line });
  }

  /** Tells where the command stands; null that this part of it is over. */
  progress(progress: ToldProgress | null): void {
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
