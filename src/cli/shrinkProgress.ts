import { sizePhrase } from "../reporters/size.ts";
import { stepSize } from "../shrink/edits/numbers.ts";
import type { ShrinkProgress } from "../shrink/shrinkStep.ts";
import { note } from "./output.ts";

/** Milliseconds between two lines where nobody watches. */
const LINE_MS = 2000;

/** Where a shrink stands, in one line. */
export function shrinkLine({ pass, candidates, best }: ShrinkProgress): string {
  return `shrinking: ${sizePhrase(stepSize(best.step))}; ${candidates} candidates, pass ${pass}`;
}

/** Tells on stderr how far a shrink has come: one line that is written over on a terminal, a line now and then elsewhere. */
export class ShrinkLine {
  readonly #start = performance.now();
  #told = 0;

  /** Shows a {@link shrinkLine}. */
  tell(text: string): void {
    const now = performance.now();
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text.slice(0, process.stderr.columns - 1)}`);
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
