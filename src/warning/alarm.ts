import { portableLog } from "../numerics/log.ts";
import { Trend } from "./trend.ts";

/** The message of an alarm that rings. */
export interface Alarmed {
  /** The step that was looked at last. */
  step: number;
  /** The magnitude that is nearest to the end of float32. */
  gauge: string;
  /** log10 of its largest values, those of the steps just before included. */
  level: number;
  /** The step at which it passes float32 if it goes on so, rounded up; null where it does not grow. */
  predicted: number | null;
}

/** log10 of the largest float32. */
const OVERFLOW = 38.53;
/** log10 from which on an alarm begins whatever the trend: few runs that live get so far. */
const HIGH = 24;
/** log10 from which on the trend decides. */
const LOW = 15;
/** An alarm begins where the trend overflows before the run is so many times as long as now. */
const SOON = 3;
/** log10 below which an alarm ends. */
const QUIET = 10;

/**
 * Says while a run trains that float32 will overflow, and about when. It looks at magnitudes: the largest |cell|,
 * activation, gradient, weight of a step. Loss and gradient norm show nothing before such a death, and the change from one
 * update to the next is no measure either: the largest values rise fast at first and ever slower later, about as the logarithm
 * of the step does, so they are extrapolated over it. The constants were chosen on the domain `default`; docs/warning.md
 * measures them on others.
 */
export class OverflowAlarm {
  readonly #trends = new Map<string, Trend>();
  #ringing: Alarmed | null = null;

  /** Its present message; null while it is silent. */
  get ringing(): Alarmed | null {
    return this.#ringing;
  }

  /**
   * Looks at a step. Steps may be left out, but come in their order, from 1 on.
   * @param magnitudes By name; one that is not a number is left out.
   * @returns Its message at the step at which it begins to ring; null at all others.
   */
  look(step: number, magnitudes: Readonly<Record<string, number>>): Alarmed | null {
    for (const [gauge, magnitude] of Object.entries(magnitudes)) {
      if (Number.isNaN(magnitude)) continue;
      const trend = this.#trends.get(gauge) ?? new Trend();
      this.#trends.set(gauge, trend);
      trend.add(step, log10(Math.abs(magnitude)));
    }
    const was = this.#ringing;
    this.#ringing = this.#hottest(step, was === null ? begins : goesOn);
    return was === null ? this.#ringing : null;
  }

  /** The alarm about the highest level of those whose trend rings; null where none does. */
  #hottest(step: number, rings: (trend: Trend) => boolean): Alarmed | null {
    let hottest: Alarmed | null = null;
    for (const [gauge, trend] of this.#trends) {
      if (!rings(trend) || trend.level <= (hottest?.level ?? Number.NEGATIVE_INFINITY)) continue;
      hottest = { step, gauge, level: trend.level, predicted: trend.stepAt(OVERFLOW) };
    }
    return hottest;
  }
}

function begins(trend: Trend): boolean {
  return trend.level >= HIGH || (trend.level >= LOW && trend.gets(OVERFLOW, SOON));
}

function goesOn({ level }: Trend): boolean {
  return level >= QUIET;
}

/** The alarm in one line, for a person. */
export function alarmSentence({ step, gauge, level, predicted }: Alarmed): string {
  const when =
    predicted === null ? "it does not grow now" : `about step ${predicted} if it grows on like this`;
  return `warning: float32 may overflow: ${gauge} is past 1e${Math.floor(level)} at step ${step}; ${when}`;
}

/** In [-40, 40], so that 0 and Infinity have one; the same on every machine. */
function log10(magnitude: number): number {
  if (magnitude < 1e-40) return -40;
  return magnitude > 1e40 ? 40 : portableLog(magnitude) / Math.LN10;
}
