import type { Rival } from "./alarms.ts";
import type { WatchedRun } from "./watchedRun.ts";

/** The score of an alarm over some runs. */
export interface Score {
  /** Deaths that a step came before, and how many of them were warned of. */
  deaths: number;
  warned: number;
  /** Steps between alarm and death, of those warned of. */
  leads: number[];
  /** Deaths warned of at least 50 steps ahead, or in the first tenth of the run. */
  early: number;
  /** Factors by which the steps left were mispredicted: at the alarm, and half-way from it to the death. */
  errors: { begins: number[]; half: number[] };
  healthySteps: number;
  falseAlarms: number;
  healthyRuns: number;
  alarmedRuns: number;
}

const EARLY_STEPS = 50;
const EARLY_PART = 1 / 10;

/** Lets an alarm look at runs. A death at the first step, which nothing comes before, is no death here. */
export function score(rival: Rival, runs: readonly WatchedRun[]): Score {
  const total: Score = {
    deaths: 0,
    warned: 0,
    leads: [],
    early: 0,
    errors: { begins: [], half: [] },
    healthySteps: 0,
    falseAlarms: 0,
    healthyRuns: 0,
    alarmedRuns: 0,
  };
  for (const { looks, death } of runs) {
    if (death?.step === 1) continue;
    const { begins, predicted } = rival.over(looks);
    const [first] = begins;
    if (death === null) {
      total.healthySteps += looks.length;
      total.healthyRuns += 1;
      total.falseAlarms += begins.length;
      total.alarmedRuns += first === undefined ? 0 : 1;
      continue;
    }
    total.deaths += 1;
    if (first === undefined) continue;
    const lead = death.step - first;
    total.warned += 1;
    total.leads.push(lead);
    if (lead >= EARLY_STEPS || first <= Math.ceil(death.step * EARLY_PART)) total.early += 1;
    for (const [step, into] of [
      [first, total.errors.begins],
      [first + Math.floor(lead / 2), total.errors.half],
    ] as const) {
      const left = predicted[step - 1];
      if (left != null)
        into.push(Math.exp(Math.abs(Math.log(Math.max(1, left - step) / (death.step - step)))));
    }
  }
  return total;
}

/** False alarms in a thousand healthy steps. */
export function perThousand({ falseAlarms, healthySteps }: Score): number {
  return healthySteps === 0 ? 0 : (1000 * falseAlarms) / healthySteps;
}

/** The middle one; NaN of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
