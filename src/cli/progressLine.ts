import { showProgress } from "./output.ts";

/** Milliseconds between two tellings: many times a second is as good as always. */
const TELL_MS = 50;

/** Tells how far something has come, in one line. What is told last is always shown. */
export class ProgressLine {
  readonly #after: number;
  /** What the line says; null where there is none. */
  #line: string | null = null;
  #isShown = true;
  #shownAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param after Milliseconds that it must go on for before it is worth a line. */
  constructor({ after = 0 }: { after?: number } = {}) {
    this.#after = after;
  }

  /** Says where it stands. */
  tell(line: string): void {
    this.#line = line;
    this.#isShown = false;
    const wait = this.#shownAt + TELL_MS - performance.now();
    if (wait <= 0) this.#show();
    // Comes when whoever tells pauses for longer.
    else this.#timer ??= setTimeout(() => this.#show(), wait).unref();
  }

  /** Takes the line away. */
  close(): void {
    if (this.#line === null) return;
    this.#show();
    this.#line = null;
    showProgress(null, this.#after);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isShown) return;
    this.#isShown = true;
    this.#shownAt = performance.now();
    showProgress(this.#line, this.#after);
  }
}
