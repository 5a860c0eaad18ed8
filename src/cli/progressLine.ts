import { showProgress } from "./output.ts";
import { type Beginning, type CommandProgress, timedProgress } from "./progress.ts";

/** Milliseconds between two tellings: many times a second is as good as always. */
const TELL_MS = 50;

/** Shows progress in one line. The latest is always shown. */
export class ProgressLine {
  readonly #after: number;
  /** The progress in the line; null where there is no line. */
  #progress: CommandProgress | null = null;
  /** The beginning of what is counted now. */
  #began: Beginning | null = null;
  #isShown = true;
  #shownAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param after Milliseconds that it must go on for before it is worth a line. */
  constructor({ after = 0 }: { after?: number } = {}) {
    this.#after = after;
  }

  /** Shows progress. */
  tell(progress: CommandProgress): void {
    const { done = 0, what = null } = progress.counted ?? {};
    // Of something else the pace begins anew.
    if (this.#began === null || what !== (this.#progress?.counted?.what ?? null))
      this.#began = { done, at: performance.now() };
    this.#progress = progress;
    this.#isShown = false;
    const wait = this.#shownAt + TELL_MS - performance.now();
    if (wait <= 0) this.#show();
    // Shows it where no newer progress comes for so long.
    else this.#timer ??= setTimeout(() => this.#show(), wait).unref();
  }

  /** Takes the line away. */
  close(): void {
    if (this.#progress === null) return;
    this.#show();
    this.#progress = null;
    this.#began = null;
    showProgress(null, this.#after);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isShown || this.#progress === null || this.#began === null) return;
    this.#isShown = true;
    this.#shownAt = performance.now();
    showProgress(timedProgress(this.#progress, this.#began, this.#shownAt), this.#after);
  }
}
