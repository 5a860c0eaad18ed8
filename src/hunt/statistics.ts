import type { BookedCase } from "./booked.ts";
import { type Bucket, bucketsOf, type Counts } from "./buckets.ts";
import type { RanCase } from "./run/tasks.ts";
import { UNEXPLAINED } from "./tally.ts";

/** A case that took long. */
export interface SlowCase {
  case: number;
  seconds: number;
  steps: number;
  status: RanCase["status"];
  /** The values drawn for it, by label. */
  drawn: BookedCase["labels"];
}

/** The values that a hunt drew and the outcomes, over the cases of one call. */
export interface HuntStatistics {
  cases: number;
  lived: number;
  /** Stopped early, since they were cold. */
  stopped: number;
  overdue: number;
  died: number;
  lost: number;
  /** Varied from hot ones. */
  varied: number;
  deaths: Readonly<Record<string, number>>;
  /** By label, how often each value was drawn, and how many of those cases died. A case may count at several words of a label. */
  drawn: Readonly<Record<string, Bucket[]>>;
  /** Seconds that workers have measured, from the 10 % to the 90 % mark. */
  secondsPerCase: { low: number; median: number; high: number; drawing: number } | null;
  slowest: SlowCase[];
}

/** Slow cases that are listed. */
const MOST_SLOW = 5;

/** Gathers what a hunt draws, case by case. */
export class StatisticsGatherer {
  readonly #counts = { cases: 0, lived: 0, stopped: 0, overdue: 0, died: 0, lost: 0, varied: 0 };
  readonly #deaths: Record<string, number> = {};
  readonly #drawn = new Map<string, Counts>();
  readonly #seconds: number[] = [];
  readonly #drawing: number[] = [];
  #slowest: SlowCase[] = [];

  /** Takes a case in. */
  add({ index, isVaried, ran, labels }: BookedCase): void {
    this.#counts.cases += 1;
    if (isVaried) this.#counts.varied += 1;
    this.#counts[ran?.status ?? "lost"] += 1;
    const died = ran?.status === "died";
    if (died) {
      const signature = ran.signature ?? UNEXPLAINED;
      this.#deaths[signature] = (this.#deaths[signature] ?? 0) + 1;
    }
    for (const [label, value] of Object.entries(labels))
      for (const one of typeof value === "object" ? value : [value]) this.#count(label, one, died);
    if (ran?.timing === undefined) return;
    const { generate, run } = ran.timing;
    this.#seconds.push(run + generate);
    this.#drawing.push(generate);
    const slow = {
      case: index,
      seconds: run + generate,
      steps: ran.steps,
      status: ran.status,
      drawn: labels,
    };
    this.#slowest = [...this.#slowest, slow].sort((a, b) => b.seconds - a.seconds).slice(0, MOST_SLOW);
  }

  /** The statistics of all cases so far. */
  statistics(): HuntStatistics {
    const drawn = [...this.#drawn].map(([label, counts]): [string, Bucket[]] => [label, bucketsOf(counts)]);
    return {
      ...this.#counts,
      deaths: this.#deaths,
      drawn: Object.fromEntries(drawn),
      secondsPerCase: this.#timing(),
      slowest: this.#slowest,
    };
  }

  #count(label: string, value: string | number, died: boolean): void {
    const counts = this.#drawn.get(label) ?? new Map();
    this.#drawn.set(label, counts);
    const { cases, deaths } = counts.get(value) ?? { cases: 0, deaths: 0 };
    counts.set(value, { cases: cases + 1, deaths: deaths + (died ? 1 : 0) });
  }

  #timing(): HuntStatistics["secondsPerCase"] {
    const sorted = [...this.#seconds].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
    const [low, median, high] = [at(0.1), at(0.5), at(0.9)];
    if (low === undefined || median === undefined || high === undefined) return null;
    const total = this.#drawing.reduce((sum, seconds) => sum + seconds, 0);
    return { low, median, high, drawing: total / this.#drawing.length };
  }
}
