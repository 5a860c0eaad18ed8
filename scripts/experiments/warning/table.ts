import type { Rival } from "./alarms.ts";
import { median, perThousand, type Score } from "./score.ts";
import type { WatchedRun } from "./watchedRun.ts";

/** The head of a table of alarms. */
export const HEAD = [
  "| runs | alarm | deaths | warned | median lead, steps | 50 steps ahead or in the first tenth | steps left told wrongly by (at the alarm, half-way) | healthy steps | false alarms in 1,000 | healthy runs with one |",
  "|---|---|---|---|---|---|---|---|---|---|",
] as const;

/** True of a run that lives, or that dies of what the alarm is meant for: growth over timesteps. */
export const isRecurrence = ({ death }: WatchedRun) =>
  death === null ||
  death.mechanism === "recurrence-overflow" ||
  death.mechanism === "discarded-step-overflow";

const number = (value: number, digits = 1) =>
  Number.isFinite(value) ? String(Number(value.toFixed(digits))) : "-";
const factor = (values: readonly number[]) => (values.length === 0 ? "-" : `${number(median(values))}x`);
const share = (part: number, of: number) => (of === 0 ? "-" : `${Math.round((100 * part) / of)} %`);

/** The row of an alarm on some runs. */
export function row(name: string, rival: Rival, of: Score): string {
  const { deaths, warned, leads, early, errors, healthySteps, healthyRuns, alarmedRuns } = of;
  return `| ${[
    name,
    rival.name,
    deaths,
    share(warned, deaths),
    number(median(leads), 0),
    share(early, deaths),
    errors.begins.length === 0 ? "-" : [errors.begins, errors.half].map(factor).join(", "),
    healthySteps,
    number(perThousand(of), 2),
    share(alarmedRuns, healthyRuns),
  ].join(" | ")} |`;
}
