import { printable } from "../cases/printable.ts";
import { note } from "./output.ts";

/** Milliseconds between two lines where nobody watches. */
const LINE_MS = 2000;

/** Tells on stderr how far something has come: one line that is written over on a terminal, a line now and then elsewhere. */
export class ProgressLine {
  readonly #start = performance.now();
  #told = 0;

  /** Shows where it stands. */
  tell(text: string): void {
    const now = performance.now();
    if (process.stderr.isTTY)
      process.stderr.write(`\r\x1b[K${printable(text).slice(0, process.stderr.columns - 1)}`);
    else if (now - Math.max(this.#start, this.#told) > LINE_MS) {
      note(text);
      this.#told = now;
    }
  }

  /** Takes the line away. */
  close(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
}
