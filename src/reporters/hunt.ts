import { shellWord } from "../documents/printable.ts";
import type { HuntReport } from "../hunt/hunt.ts";
import type { WorkerEnd } from "../hunt/run/workers/end.ts";
import type { LostCase, Tally } from "../hunt/tally.ts";
import { programOf } from "../programs/registry.ts";
import { aboutFixture, fixtureCommand, type RepeatedFlags } from "./fixtureCommand.ts";
import { fixesLines, knownJson } from "./known.ts";
import { programWords } from "./programWords.ts";
import { sizePhrase } from "./size.ts";

/** A hunt's report, with paths and commands as they are typed. */
export interface HuntSummary extends HuntReport {
  /** From the start of the process until a worker first saw a death; null when none did. */
  firstFailureSeconds: number | null;
  /** The command that finds the same again. */
  replay: string;
}

/** The JSON document of `nanproof hunt`. */
export function huntJson({
  tally,
  casesPerSecond,
  firstFailureSeconds,
  failures,
  settings,
  replay,
}: HuntSummary) {
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    cases: tally.cases,
    casesPerSecond: round(casesPerSecond, 1),
    steps: tally.steps,
    work: tally.work,
    deaths: tally.deaths,
    firstFailureSeconds: firstFailureSeconds === null ? null : round(firstFailureSeconds, 3),
    failures: failures.map(({ signature, path, confirmed, fixture }) => ({
      signature,
      fixture: path,
      confirmed,
      site: fixture?.expected.site ?? null,
      ...knownJson(fixture),
    })),
    seed: settings.seed,
    replay,
  };
}

/** The findings of a hunt, in plain words. */
export function huntSummary(report: HuntSummary): string[] {
  const { tally, failures, settings, status } = report;
  const again = repeatedFlags(settings);
  const lines = [
    `${status === "interrupted" ? "interrupted: " : ""}${tally.cases} cases (${report.casesPerSecond.toFixed(0)} a second), ${tally.steps} steps: ${tally.deaths === 0 ? "no death" : `${tally.deaths} deaths`}`,
  ];
  if (tally.deaths > 0) lines.push(`  ${deathsBySignature(tally)}`);
  if (report.firstFailureSeconds !== null)
    lines.push(`  the first after ${report.firstFailureSeconds.toFixed(2)} s`);
  if (settings.host.kind === "file") lines.push(`  ${guidanceSentence(report)}`);
  if (tally.overdue > 0) lines.push(`  ${tally.overdue} cases stopped at the deadline for one case`);
  for (const lost of tally.lost.slice(0, LOST_SHOWN))
    lines.push(`  ${lostCaseSentence(lost)}`, ...lostDetails(lost).map((line) => `    ${line}`));
  if (tally.lost.length > LOST_SHOWN) lines.push(`  and ${tally.lost.length - LOST_SHOWN} more lost cases`);
  if (report.workerEnd !== null)
    lines.push(`  worker processes do not start: ${endSentence(report.workerEnd)}`);
  for (const { path, signature, step } of report.stale)
    lines.push(
      `  ${shellWord(path)} no longer dies as it should: now ${signature ?? "it lives"} at step ${step}`,
    );
  for (const { signature, path, confirmed, fixture } of failures) {
    lines.push("", signature, `  ${path === null ? "not written" : shellWord(path)}`);
    if (fixture.sentence !== undefined) lines.push(`  ${fixture.sentence}`);
    if (fixture.size !== undefined) lines.push(`  ${sizePhrase(fixture.size)}`);
    if (path !== null)
      for (const line of fixesLines(fixture, path, programOf(fixture).fixtureParts.fixNames, again))
        lines.push(`  ${line}`);
    if (!confirmed) lines.push(`  NOT confirmed on ${settings.confirm.name}, so it counts for nothing yet`);
    if (path !== null) lines.push(`  ${fixtureCommand("replay", aboutFixture(path, fixture), again)}`);
  }
  if (report.pending > 0) lines.push("", pendingSentence(report));
  else if (tally.deaths > 0 && failures.length === 0)
    lines.push("", "no fixture was written: taken out of its run, no fatal step died the same way");
  lines.push("", "find the same again:", `  ${report.replay}`);
  return lines;
}

/** Flags that the commands about a hunt's fixtures must say again. */
export function repeatedFlags({ invariants, host }: HuntReport["settings"]): RepeatedFlags {
  return { invariants, ...(host.kind === "file" && { program: () => programWords(host) }) };
}

const LOST_SHOWN = 10;

/** Says whether a hunt of a program was guided, which its gauges decide. */
function guidanceSentence({ tally, settings }: HuntSummary): string {
  if (settings.strategy === "random") return "random: as --strategy asks";
  const { varied = 0 } = tally;
  return varied > 0
    ? `guided: ${varied} cases were varied from those whose gauges came nearest to overflow`
    : "random: no gauge (weights, gradients, watch.gauge) came near enough to overflow to go by";
}

function pendingSentence({ pending, settings }: HuntSummary): string {
  const deaths = pending === 1 ? "1 death seen is" : `${pending} deaths seen are`;
  return settings.out === null
    ? `${deaths} not captured`
    : `${deaths} not captured yet: the same command, given again, goes on with ${pending === 1 ? "it" : "them"}`;
}

/** Deaths by signature, the most frequent first. */
export function deathsBySignature({ bySignature }: Tally): string {
  return Object.entries(bySignature)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([signature, deaths]) => `${signature}: ${deaths}`)
    .join(", ");
}

/** A case that was lost, and how. */
export function lostCaseSentence({ index, during, end }: LostCase): string {
  const verdict = end.kind === "hang" ? "hang" : "crash";
  const doing = during === "run" ? "" : " while its death was being captured";
  return `case ${index}: ${verdict}${doing} (${endSentence(end)}); the hunt goes on without it`;
}

/** The person's own traceback of a lost case. */
function lostDetails({ end }: LostCase): readonly string[] {
  return end.kind === "failed" ? (end.details ?? []) : [];
}

function endSentence(end: LostCase["end"] | WorkerEnd): string {
  switch (end.kind) {
    case "hang":
      return `no sign of life for ${end.seconds} s`;
    case "killed":
      return `the worker was killed by ${end.signal}`;
    case "out-of-memory":
      return "the worker ran out of memory";
    case "crashed":
      return `the worker crashed: ${end.message}`;
    case "unreadable-output":
      return `the worker wrote no answer but ${JSON.stringify(end.output)}`;
    case "failed":
      return end.message;
  }
}
