import type { HuntReport } from "../hunt/hunt.ts";
import type { RanCase } from "../hunt/run/tasks.ts";
import type { HuntStatistics, SlowCase } from "../hunt/statistics.ts";
import type { Labels } from "../programs/generating.ts";

const STATUS: Readonly<Record<RanCase["status"], string>> = {
  lived: "lived",
  stopped: "stopped cold",
  overdue: "stopped at the deadline for one case",
  died: "died",
};

/** The labels of a case, in one line. */
export function labelWords(labels: Labels): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label} ${typeof value === "object" ? value.join("+") : value}`)
    .join(", ");
}

/** Says what stopped a hunt. */
function stopWords({ status, settings: { budget } }: Pick<HuntReport, "status" | "settings">): string {
  if (status === "interrupted") return "it was interrupted";
  if (status === "no-workers") return "worker processes do not start";
  return budget.kind === "cases" ? `--cases is ${budget.cases}` : `--time is ${budget.seconds}s`;
}

/** The statistics of a hunt, as its JSON document has them. */
export function statisticsJson(statistics: HuntStatistics, report: Pick<HuntReport, "status" | "settings">) {
  return { ...statistics, stoppedBecause: stopWords(report) };
}

/** The statistics of a hunt in plain words, as property-based testers print theirs. */
export function statisticsLines(
  statistics: HuntStatistics,
  report: Pick<HuntReport, "status" | "settings" | "from">,
): string[] {
  const { cases, lived, stopped, overdue, died, lost, varied, deaths, drawn } = statistics;
  const earlier =
    report.from > 0 ? `, after ${report.from} of an earlier call, which are not counted here` : "";
  return [
    "statistics:",
    `  - ${cases} cases${earlier}: ${lived} lived, ${stopped} stopped cold, ${overdue} stopped at the deadline for one case, ${died} died, ${lost} lost`,
    ...(varied > 0 ? [`  - ${varied} were varied from hot ones`] : []),
    ...timing(statistics),
    ...(died > 0 ? ["  - Died:"] : []),
    ...Object.entries(deaths)
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([signature, count]) => `    * ${share(count, cases)}, ${signature}`),
    ...(cases > 0 ? ["  - Drawn:"] : []),
    ...Object.entries(drawn).flatMap(([label, buckets]) => [
      `    ${label}`,
      ...buckets.map(
        ({ value, cases: some, deaths: dead }) =>
          `    * ${share(some, cases)}, ${value}${dead > 0 ? `; ${dead} of ${some} died` : ""}`,
      ),
    ]),
    `  - Stopped because ${stopWords(report)}`,
    ...slowest(statistics.slowest),
  ];
}

function timing({ secondsPerCase }: HuntStatistics): string[] {
  if (secondsPerCase === null) return [];
  const { low, high, drawing } = secondsPerCase;
  return [
    `  - Typical runtimes: ${milliseconds(low)}-${milliseconds(high)} ms a case, of which ~ ${milliseconds(drawing)} ms in drawing it`,
  ];
}

function slowest(cases: readonly SlowCase[]): string[] {
  if (cases.length === 0) return [];
  return [
    "  - Slowest:",
    ...cases.map(
      ({ case: index, seconds, steps, status, drawn }) =>
        `    * ${milliseconds(seconds)} ms, case ${index} (${STATUS[status]} after ${steps} steps): ${labelWords(drawn)}`,
    ),
  ];
}

function milliseconds(seconds: number): string {
  const ms = 1000 * seconds;
  return ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)} %`;
}
