import { availableParallelism } from "node:os";
import type { CommandModule, InferredOptionTypes } from "yargs";
import { UsageError } from "../../documents/errors.ts";
import { shellWord } from "../../documents/printable.ts";
import { type HuntReport, hunt } from "../../hunt/hunt.ts";
import type { Budget, HuntSettings } from "../../hunt/settings.ts";
import { STRATEGY_NAMES } from "../../hunt/strategy.ts";
import { version } from "../../package.ts";
import { CONFIRMING_ENGINE, DEFAULT_ENGINE, ENGINE_NAMES } from "../../programs/lstm/engines/engine.ts";
import { type HuntSummary, huntJson, huntSummary } from "../../reporters/hunt.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { caseOf, caseOptions } from "../flags/caseFlags.ts";
import { DEFAULT_DOMAIN, domainFlag, huntedDomain } from "../flags/domainFlag.ts";
import { durationFlag } from "../flags/durationFlag.ts";
import { choiceFlag, engineFlag, jsonFlag, numberFlag, shrinkFlag, textFlag } from "../flags/kinds.ts";
import { huntExitCode } from "../huntExitCode.ts";
import { HuntProgressBar } from "../huntProgressBar.ts";
import { onInterrupt } from "../interrupt.ts";
import { checkOut, DEFAULT_OUT } from "../outFolder.ts";
import { print, printJson } from "../output.ts";

const DEFAULT_SECONDS = 30;
const MAX_WORKERS = 256;

const { preset, units, layers, axis, "learning-rate": learningRate, batch } = caseOptions;

const options = {
  preset,
  units,
  layers,
  axis,
  "learning-rate": learningRate,
  batch,
  domain: domainFlag,
  time: durationFlag("time", `how long to hunt: 30s, 5m, 1h30m (default ${DEFAULT_SECONDS}s)`),
  cases: numberFlag("cases", "how many cases to try instead; nothing depends on the clock then", {
    min: 1,
    integer: true,
  }),
  seed: textFlag("seed", "seed of the cases (default 1)"),
  workers: numberFlag("workers", "processes that run cases (default: one a core)", {
    min: 1,
    below: MAX_WORKERS + 1,
    integer: true,
  }),
  strategy: choiceFlag(
    "strategy",
    "stop cold cases early and vary hot ones, or run every case to its end (default guided)",
    STRATEGY_NAMES,
  ),
  keep: numberFlag("keep", "fixtures to keep of each signature (default 1)", { min: 1, integer: true }),
  shrink: shrinkFlag,
  engine: engineFlag,
  confirm: choiceFlag("confirm", `what a death must die on too (default ${CONFIRMING_ENGINE})`, ENGINE_NAMES),
  out: textFlag("out", `folder for the fixtures, replayed first (default ${DEFAULT_OUT})`),
  json: jsonFlag,
} as const;

/** Generated cases have data of their own: flags about text have no place here. */
const NO_TEXT = {
  text: undefined,
  split: undefined,
  "max-length": undefined,
  sentences: undefined,
  vocabulary: undefined,
  unknown: undefined,
  validation: undefined,
  embedding: undefined,
} as const;

type Flags = InferredOptionTypes<typeof options>;

/** `nanproof hunt`: generates training runs and keeps the first deaths of every kind. */
export const huntCommand: CommandModule<unknown, Flags> = {
  command: "hunt",
  describe: "generate training runs, find the ones that die, keep them as fixtures",
  builder: (yargs) => yargs.options(options),
  handler: async (flags) => {
    process.exitCode = await runHunt(flags);
  },
};

async function runHunt(flags: Flags): Promise<number> {
  const out = flags.out ?? DEFAULT_OUT;
  const { domain, name } = huntedDomain(flags);
  const settings: HuntSettings = {
    domain,
    base: caseOf({ ...NO_TEXT, ...flags }).testCase,
    fix: null,
    seed: flags.seed ?? "1",
    budget: budgetOf(flags),
    workers: flags.workers ?? Math.min(availableParallelism(), MAX_WORKERS),
    strategy: flags.strategy ?? "guided",
    keep: flags.keep ?? 1,
    shrink: flags.shrink ? "whole" : "none",
    engine: flags.engine ?? DEFAULT_ENGINE,
    confirm: flags.confirm ?? CONFIRMING_ENGINE,
    out,
    provenance: { nanproof: version(), preset: flags.preset ?? "published", domain: name },
  };
  checkOut(out);
  const interrupt = onInterrupt();
  const bar = new HuntProgressBar(settings);
  try {
    const report = await hunt(settings, { ...bar.hooks, signal: interrupt.signal });
    bar.stop();
    const summary = summaryOf(report, flags);
    if (flags.json) printJson(huntJson(summary));
    else print(huntSummary(summary));
    return report.status === "interrupted" ? interrupt.exitCode() : huntExitCode(report);
  } finally {
    bar.stop();
    interrupt.release();
  }
}

function budgetOf({ time, cases }: Flags): Budget {
  if (cases === undefined) return { kind: "time", seconds: time ?? DEFAULT_SECONDS };
  if (time === undefined) return { kind: "cases", cases };
  throw new UsageError(
    "NANPROOF_E_FLAGS",
    `--time and --cases ${cases} are both given, and each says when to end`,
    "give one of them",
  );
}

/** The report with paths and commands as they are typed here. */
function summaryOf(report: HuntReport, flags: Flags): HuntSummary {
  const shown = <T extends { path: string | null }>(entry: T) => ({
    ...entry,
    path: entry.path === null ? null : shownPath(entry.path),
  });
  return {
    ...report,
    failures: report.failures.map(shown),
    stale: report.stale.map((entry) => ({ ...entry, path: shownPath(entry.path) })),
    firstFailureSeconds: report.firstDeathAt === null ? null : report.firstDeathAt / 1000,
    replay: replayCommand(report, flags),
  };
}

/** The command that finds the same again: by cases, not by the clock. Where no case came to an end, what was typed. */
function replayCommand({ through, settings }: HuntReport, flags: Flags): string {
  const { preset, domain, strategy, keep, engine, confirm } = flags;
  const { budget } = settings;
  const given = {
    preset,
    units: flags.units?.join(","),
    layers: flags.layers?.join(","),
    axis: flags.axis,
    "learning-rate": flags["learning-rate"],
    batch: flags.batch,
    domain: domain === DEFAULT_DOMAIN ? undefined : domain,
    strategy,
    keep,
    engine,
    confirm,
    seed: settings.seed,
    time: through === 0 && budget.kind === "time" ? `${budget.seconds}s` : undefined,
    cases: through > 0 ? through : budget.kind === "cases" ? budget.cases : undefined,
  };
  const words = Object.entries(given).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}`, shellWord(String(value))],
  );
  if (settings.shrink === "none") words.push("--no-shrink");
  return ["npx nanproof hunt", ...words].join(" ");
}
