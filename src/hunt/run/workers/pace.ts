/** Milliseconds of work that wait in line at a worker, about. */
const LINE_MS = 50;
const MIN_LINE = 2;
const MAX_LINE = 64;
/** Weight of the last task in the running mean. */
const GAIN = 0.1;

/** The pace of a worker, and the length of line that goes with it: so long that it never waits for the next task. */
export class Pace {
  /** Running mean of milliseconds a task, as seen from here. */
  #mean = LINE_MS;
  #last: number;

  constructor(now: number) {
    this.#last = now;
  }

  /** Counts a task that was answered now. */
  answered(now: number): void {
    this.#mean += GAIN * (now - this.#last - this.#mean);
    this.#last = now;
  }

  /** The number of tasks that a line of this length takes; 0 where it is more than half full, so that tasks go out in bundles. */
  room(length: number): number {
    const full = Math.ceil(LINE_MS / Math.max(this.#mean, LINE_MS / MAX_LINE));
    return length > full / 2 ? 0 : Math.max(MIN_LINE, full) - length;
  }
}
