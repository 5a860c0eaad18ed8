import { shellWord } from "../../documents/printable.ts";
import { type GateOptions, gateFixtures } from "../../gate/gate.ts";
import type { HuntReport } from "../../hunt/hunt.ts";
import { askedInvariants } from "../../invariants/asked.ts";
import type { Engine, EngineName } from "../../programs/lstm/engines/engine.ts";
import { openEngine } from "../../programs/lstm/engines/open.ts";
import { FIX_NAMES, type Subject } from "../../programs/lstm/fixes/fixes.ts";
import type { StepInvariant } from "../../programs/stepInvariant.ts";
import { MAX_WORK } from "../../programs/work.ts";
import { gateBuild } from "../../reporters/build/gate.ts";
import { type GateRow, gateJson, gateSummary } from "../../reporters/gate.ts";
import { huntJson, huntSummary } from "../../reporters/hunt.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { command, type Typed } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import { fixtureFiles } from "../fixtureFiles.ts";
import { durationFlag } from "../flags/durationFlag.ts";
import type { Values } from "../flags/flag.ts";
import { invariantFlag } from "../flags/invariantFlag.ts";
import { numberFlag, textFlag, textsFlag } from "../flags/kinds.ts";
import { programFlags } from "../flags/programFlags.ts";
import { reporterFlag } from "../flags/reporterFlag.ts";
import { jsonFlag } from "../flags/shared.ts";
import { gateHunt } from "../gateHunt.ts";
import { huntExitCode } from "../huntExitCode.ts";
import { type Interrupt, onInterrupt } from "../interrupt.ts";
import { note } from "../output.ts";
import { startPrograms, wordsOf } from "../programs/gate.ts";
import { ProgressLine } from "../progressLine.ts";
import { Reporting } from "../reporting.ts";
import { subjectOf } from "../subject.ts";
import { typedCommand } from "../typedCommand.ts";

const { python, threads } = programFlags;

const flags = {
  fixtures: textFlag({ description: "folder of the fixtures", default: "fixtures" }),
  subject: textFlag({
    description: `what must hold: a fix (${FIX_NAMES.join(", ")}; the last four are the presets), or an ES module that exports one`,
    default: "hardened",
  }),
  budget: durationFlag({
    description: "how long to hunt for new deaths of the subject afterwards: 500ms, 60s, 2m; 0 for no hunt",
    default: 60,
    orZero: true,
  }),
  "max-work": numberFlag({
    description: "multiply-adds that a fixture may take; past it a fixture is not judged",
    default: MAX_WORK,
    defaultWords: `${MAX_WORK.toExponential()}, about a minute`,
    above: 0,
  }),
  program: textsFlag(
    "your own program, judged as it is today on its fixtures; again for each: a .mjs, .js, .ts or .py file",
  ),
  python,
  threads,
  invariant: invariantFlag,
  reporter: reporterFlag,
  json: jsonFlag,
} as const;

/** `nanproof gate`: every fixture still dies without a fix, and none with it; then a hunt for new deaths. */
export const gateCommand = command({
  name: "gate",
  description: "do all fixtures hold under a fix?",
  exits: "0 all hold, 1 one fails or is stale, or a death was found, 3 none tells of the fix",
  example: "gate --subject my-fix.mjs --budget 2m",
  flags,
  run: runGate,
});

async function runGate(asked: Values<typeof flags>, typed: Typed): Promise<number> {
  const { fixtures, subject: given, "max-work": maxWork, invariant } = asked;
  // A program is judged as it is; there is no preset to hunt.
  const seconds = asked.program.length > 0 && !typed.has("budget") ? 0 : asked.budget;
  const reporting = new Reporting(asked);
  const programs = await startPrograms(asked, typed, await askedInvariants(invariant));
  const fix = await subjectOf("subject", given);
  const paths = fixtureFiles(fixtures);
  const invariants = await askedInvariants(invariant);
  const interrupt = onInterrupt();
  const close = async () => {
    if ("close" in fix) await fix.close();
    for (const program of programs.values()) await program.close?.();
  };
  // A call that is under way would be waited for.
  interrupt.signal.addEventListener("abort", close);
  try {
    const rows = await judgeAll(paths, { fix, maxWork, invariants, interrupt, programs });
    const subject = fix.acts === "as-changed" ? shownPath(given) : fix.name;
    const again = { invariants: invariant, program: wordsOf(programs) };
    reporting.pretty(gateSummary(subject, rows, again));
    if (interrupt.signal.aborted) note(`interrupted after ${rows.length} of ${paths.length} fixtures`);
    const hunted =
      seconds === 0 || interrupt.signal.aborted
        ? null
        : await gateHunt({
            ...{ fix, given, subject, seconds, invariant, signal: interrupt.signal },
            again: typedCommand("gate", flags, { ...asked, json: false, reporter: [] }),
          });
    if (hunted)
      reporting.pretty(["", `hunted over wide on ${shellWord(subject)}`, ...huntSummary(hunted.summary)]);
    reporting.end({
      json: gateJson(subject, rows, hunted && huntJson(hunted.summary), { ofPrograms: programs.size > 0 }),
      build: gateBuild(subject, rows, hunted?.summary ?? null, again),
    });
    const [unwritten] = hunted?.unwritten ?? [];
    if (unwritten) throw unwritten;
    if (interrupt.signal.aborted) return interrupt.exitCode();
    return exitCodeOf(rows, hunted);
  } finally {
    interrupt.release();
    await close();
  }
}

/** What fixtures are judged by. */
interface Judging {
  fix: Subject;
  maxWork: number;
  /** What runs are held to. */
  invariants: readonly StepInvariant[];
  programs: NonNullable<GateOptions["programs"]>;
  interrupt: Interrupt;
}

/** Judges fixture after fixture, and shows how far it has come. */
async function judgeAll(
  paths: string[],
  { fix, maxWork, invariants, interrupt, programs }: Judging,
): Promise<GateRow[]> {
  const line = new ProgressLine();
  const rows: GateRow[] = [];
  const count = (...verdicts: string[]) =>
    rows.filter(({ verdict: { verdict } }) => verdicts.includes(verdict)).length;
  const options = { fix, maxWork, programs, open: openOnce(invariants), signal: interrupt.signal };
  const tell = () => {
    interrupt.lastWords(`interrupted after ${rows.length} of ${paths.length} fixtures`);
    line.tell(
      `fixture ${rows.length}/${paths.length}  ${count("held")} held, ${count("failed", "stale")} failed or stale`,
    );
  };
  tell();
  try {
    for await (const { path, ...gated } of gateFixtures(paths, options)) {
      rows.push({ fixture: shownPath(path), ...gated });
      tell();
    }
  } catch (error) {
    // The process of a user's fix was ended by the interrupt.
    if (!interrupt.signal.aborted) throw error;
  } finally {
    line.close();
  }
  return rows;
}

/** Opens each engine once, its runs held to the invariants. */
function openOnce(invariants: readonly StepInvariant[]): (name: string) => Promise<Engine> {
  const opened = new Map<string, Promise<Engine>>();
  return (name) => {
    const engine =
      opened.get(name) ?? openEngine(name as EngineName).then((bare) => ({ ...bare, invariants }));
    opened.set(name, engine);
    return engine;
  };
}

/** 1 where a fixture failed or is stale, or a death was found; 3 where no fixture tells of the fix, or the hunt of nothing. */
function exitCodeOf(rows: readonly GateRow[], hunted: HuntReport | null): number {
  const verdicts = new Set(rows.map(({ verdict: { verdict } }) => verdict));
  const found = hunted ? huntExitCode(hunted) : EXIT.ok;
  if (verdicts.has("failed") || verdicts.has("stale") || found === EXIT.violated) return EXIT.violated;
  return verdicts.has("held") && found === EXIT.ok ? EXIT.ok : EXIT.inconclusive;
}
