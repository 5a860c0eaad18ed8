import { availableParallelism } from "node:os";
import { UsageError } from "../../documents/errors.ts";
import { type HuntReport, hunt } from "../../hunt/hunt.ts";
import { STRATEGY_NAMES } from "../../hunt/plan/strategy.ts";
import type { Budget, HuntSettings } from "../../hunt/settings.ts";
import { lstmHunt } from "../../library/huntSettings.ts";
import { version } from "../../package.ts";
import { huntBuild } from "../../reporters/build/hunt.ts";
import { type HuntSummary, huntJson, huntSummary } from "../../reporters/hunt.ts";
import { statisticsJson } from "../../reporters/huntStatistics.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { command, type Typed } from "../command.ts";
import { caseOf, modelFlags } from "../flags/caseFlags.ts";
import { domainFlag, huntedDomain } from "../flags/domainFlag.ts";
import { durationFlag, durationText } from "../flags/durationFlag.ts";
import type { Values } from "../flags/flag.ts";
import { invariantFlag } from "../flags/invariantFlag.ts";
import { choiceFlag, numberFlag, switchFlag, textFlag } from "../flags/kinds.ts";
import { fileOrder, programRunFlags, refuseBeside, refuseWithoutProgram } from "../flags/programFlags.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { reporterFlag } from "../flags/reporterFlag.ts";
import { confirmFlag, engineFlag, jsonFlag, shrinkFlag } from "../flags/shared.ts";
import { huntExitCode } from "../huntExitCode.ts";
import { HuntProgressBar } from "../huntProgressBar.ts";
import { HuntWatch } from "../huntWatch.ts";
import { onInterrupt } from "../interrupt.ts";
import { checkOut, DEFAULT_OUT } from "../outFolder.ts";
import { programHunt } from "../programs/hunt.ts";
import { Reporting } from "../reporting.ts";
import { typedCommand } from "../typedCommand.ts";

const DEFAULT_SECONDS = 30;
const MAX_WORKERS = 256;

const flags = {
  ...modelFlags,
  domain: domainFlag,
  ...programRunFlags,
  time: durationFlag({
    description: "how long to hunt: 30s, 5m, 1h30m",
    defaultWords: durationText(DEFAULT_SECONDS),
  }),
  cases: numberFlag({
    description: "how many cases to try instead; nothing depends on the clock then",
    min: 1,
    integer: true,
  }),
  seed: textFlag({ description: "seed of the cases", default: "1" }),
  workers: numberFlag({
    description: "processes that run cases",
    defaultWords: "one a core",
    min: 1,
    below: MAX_WORKERS + 1,
    integer: true,
  }),
  strategy: choiceFlag({
    description: "stop cold cases early and vary hot ones, or run every case to its end",
    choices: STRATEGY_NAMES,
    default: "guided",
  }),
  keep: numberFlag({ description: "fixtures to keep of each signature", default: 1, min: 1, integer: true }),
  shrink: shrinkFlag,
  engine: engineFlag,
  invariant: invariantFlag,
  confirm: confirmFlag,
  out: textFlag({ description: "folder for the fixtures, replayed first", default: DEFAULT_OUT }),
  stats: switchFlag("print what was drawn by label, what died, what stopped the hunt, and the slowest cases"),
  observe: textFlag({
    description:
      "file that a line of JSON is added to for every case, as schemas/observation.json describes it",
  }),
  progress: progressFlag,
  reporter: reporterFlag,
  json: jsonFlag,
} as const;

type HuntFlags = Values<typeof flags>;

/** `nanproof hunt`: generates training runs and keeps the first deaths of every kind. */
export const huntCommand = command({
  name: "hunt",
  description: "generate training runs, find the ones that die, keep them as fixtures",
  exits: "0 nothing found, 1 found, 3 found but confirmed nowhere else, or workers lost",
  example: "hunt --domain wide --time 5m --out findings",
  flags,
  run: runHunt,
});

async function runHunt(given: HuntFlags, typed: Typed): Promise<number> {
  const { out } = given;
  const reporting = new Reporting(given);
  checkOut(out);
  const settings = await settingsOf(given, typed);
  const watch = given.stats || given.observe !== undefined ? new HuntWatch(settings, given) : null;
  const interrupt = onInterrupt();
  const bar = new HuntProgressBar(settings);
  try {
    const report = await hunt(settings, { ...bar.hooks, ...watch?.hooks, signal: interrupt.signal });
    bar.stop();
    const summary = summaryOf(report, given);
    reporting.pretty(huntSummary(summary));
    const seen = watch?.end(report);
    const statistics = given.stats ? seen?.statistics : undefined;
    if (given.stats && seen !== undefined) reporting.pretty(["", ...seen.lines]);
    reporting.end({
      json: { ...huntJson(summary), ...(statistics && { stats: statisticsJson(statistics, report) }) },
      build: huntBuild(`of ${settings.provenance.preset} over ${settings.provenance.domain}`, summary),
    });
    watch?.check();
    return report.status === "interrupted" ? interrupt.exitCode() : huntExitCode(report);
  } finally {
    bar.stop();
    watch?.close();
    interrupt.release();
  }
}

async function settingsOf(given: HuntFlags, typed: Typed): Promise<HuntSettings> {
  const { seed, workers, strategy, keep, engine, confirm, out, program } = given;
  const common = {
    invariants: given.invariant,
    seed,
    budget: budgetOf(given),
    workers: workers ?? Math.min(availableParallelism(), MAX_WORKERS),
    strategy,
    keep,
    shrink: given.shrink ? ("whole" as const) : ("none" as const),
    out,
  };
  if (program !== undefined) {
    refuseBeside(typed, "--program", [...Object.keys(modelFlags), "domain", "confirm"]);
    return programHunt({ ...given, order: fileOrder(program, given, typed) }, common);
  }
  refuseWithoutProgram(typed);
  const { domain, name } = huntedDomain(given);
  const { testCase: base, name: preset } = caseOf({ ...given, seed: undefined });
  const provenance = { nanproof: version(), preset, domain: name };
  return lstmHunt({ ...common, domain, base, engine, confirm, provenance });
}

function budgetOf({ time, cases }: HuntFlags): Budget {
  if (cases === undefined) return { kind: "time", seconds: time ?? DEFAULT_SECONDS };
  if (time === undefined) return { kind: "cases", cases };
  throw new UsageError(
    "NANPROOF_E_FLAGS",
    `--time and --cases ${cases} are both given, and each says when to end`,
    "give one of them",
  );
}

/** The report with paths and commands as they are typed here. */
function summaryOf(report: HuntReport, given: HuntFlags): HuntSummary {
  const shown = <T extends { path: string | null }>(entry: T) => ({
    ...entry,
    path: entry.path === null ? null : shownPath(entry.path),
  });
  return {
    ...report,
    failures: report.failures.map(shown),
    stale: report.stale.map((entry) => ({ ...entry, path: shownPath(entry.path) })),
    firstFailureSeconds: report.firstDeathAt === null ? null : report.firstDeathAt / 1000,
    replay: replayCommand(report, given),
  };
}

/** The command that finds the same again: by cases, not by the clock. Where no case ended, the command as typed. */
function replayCommand({ through }: HuntReport, given: HuntFlags): string {
  const {
    workers: _,
    json: ___,
    reporter: ____,
    progress: _____,
    stats: ______,
    observe: _______,
    seed,
    time,
    cases,
    ...same
  } = given;
  const budget = through > 0 ? { cases: through } : { time, cases };
  return typedCommand("hunt", flags, { ...same, seed, ...budget }, ["seed"]);
}
