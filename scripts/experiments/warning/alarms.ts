import { OverflowAlarm } from "../../../src/warning/alarm.ts";
import type { Look } from "./watchedRun.ts";

/** The beginnings of an alarm in a run, and its predictions of the end. */
interface Rings {
  begins: number[];
  /** The step of the overflow as it was predicted at each step; null where it is silent or predicts none. */
  predicted: (number | null)[];
}

/** Something that looks at the steps of a run and may ring. */
export interface Rival {
  name: string;
  over(looks: readonly Look[]): Rings;
}

/** The alarm of nanproof. */
export const ours: Rival = {
  name: "OverflowAlarm",
  over(looks) {
    const alarm = new OverflowAlarm();
    const begins: number[] = [];
    const predicted = looks.map(({ magnitudes }, k) => {
      if (alarm.look(k + 1, magnitudes) !== null) begins.push(k + 1);
      return alarm.ringing?.predicted ?? null;
    });
    return { begins, predicted };
  },
};

/** A rival gives each step a score; it rings at a threshold. */
interface Scored {
  name: string;
  scores(looks: readonly Look[]): number[];
}

/** Measures that people watch instead. Each gets the lowest threshold that keeps to the bound of false alarms on the tuning runs. */
export const SCORED: readonly Scored[] = [
  { name: "loss spike (z-score)", scores: (looks) => zScores(looks.map(({ loss }) => loss)) },
  {
    name: "gradient norm (z-score)",
    scores: (looks) => zScores(looks.map(({ gradientNorm }) => gradientNorm)),
  },
  { name: "update / weight", scores: (looks) => looks.map(({ updateRatio }) => updateRatio) },
  { name: "largest weight", scores: (looks) => looks.map(({ largestWeight }) => largestWeight) },
];

/** Steps without a score above the threshold after which an alarm may begin anew: about what ours takes. */
const QUIET_STEPS = 56;

/** A rival at a threshold. */
export function atThreshold({ name, scores }: Scored, threshold: number): Rival {
  return {
    name: `${name} >= ${Number(threshold.toPrecision(3))}`,
    over(looks) {
      const begins: number[] = [];
      let last = Number.NEGATIVE_INFINITY;
      for (const [k, score] of scores(looks).entries()) {
        if (!(score >= threshold)) continue;
        if (k - last > QUIET_STEPS) begins.push(k + 1);
        last = k;
      }
      return { begins, predicted: [] };
    },
  };
}

/** Newest values weigh so much in a moving average. */
const WEIGHT = 0.05;
/** Steps before an average is trusted. */
const WARM_UP = 5;

/** Standard deviations that each value is above the moving average of those before it. */
function zScores(values: readonly number[]): number[] {
  let mean = values[0] ?? 0;
  let variance = 0;
  return values.map((value, k) => {
    const off = value - mean;
    const score = k < WARM_UP ? 0 : off / Math.sqrt(variance + 1e-12 * mean * mean);
    mean += WEIGHT * off;
    variance = (1 - WEIGHT) * (variance + WEIGHT * off * off);
    return score;
  });
}
