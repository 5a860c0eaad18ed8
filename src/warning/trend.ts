import { portableLog } from "../numerics/log.ts";

/** Decades that a level loses at each step: batches differ, and a short one between two long ones says nothing. */
const DECAY = 0.25;
/** Between two points that are kept the run grows by this fraction, so that few are kept. */
const SPACING = 1 / 16;

/** The trend of a level: its height now, and its slope over the newer half of the run, against the logarithm of the step. */
export class Trend {
  #level = Number.NEGATIVE_INFINITY;
  #step = 0;
  /** The newest point at or before half the run, and the points after it; [step, level]. */
  #points: (readonly [step: number, level: number])[] = [];
  /** Levels gained while the logarithm of the step grows by 1; 0 where none are. */
  #slope = 0;

  /** The largest value so far, each lowered by {@link DECAY} for every step since. */
  get level(): number {
    return this.#level;
  }

  /** Takes in the value of a step; one that is not later than the last says nothing new. */
  add(step: number, value: number): void {
    if (step <= this.#step) return;
    this.#level = Math.max(value, this.#level - DECAY * (step - this.#step));
    this.#step = step;
    while ((this.#points[1]?.[0] ?? Number.POSITIVE_INFINITY) <= step / 2) this.#points.shift();
    const [from] = this.#points;
    const gained = from === undefined ? 0 : this.#level - from[1];
    this.#slope = from === undefined || gained <= 0 ? 0 : gained / portableLog(step / from[0]);
    if (step >= (this.#points.at(-1)?.[0] ?? 0) * (1 + SPACING)) this.#points.push([step, this.#level]);
  }

  /** True where it gets to a level before the run is `times` as long as now. */
  gets(level: number, times: number): boolean {
    return this.#slope > 0 && level - this.#level <= this.#slope * portableLog(times);
  }

  /** The step at which it gets there; null where it does not grow, or not within ten million steps. */
  stepAt(level: number): number | null {
    if (this.#slope === 0) return null;
    const times = Math.exp(Math.max(0, level - this.#level) / this.#slope);
    const step = Math.ceil(this.#step * times);
    return step > 1e7 ? null : step;
  }
}
