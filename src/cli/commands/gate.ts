import { shellWord } from "../../documents/printable.ts";
import type { HuntReport } from "../../hunt/hunt.ts";
import { askedInvariants } from "../../invariants/asked.ts";
import { FIX_NAMES } from "../../programs/lstm/fixes/fixes.ts";
import { MAX_WORK } from "../../programs/work.ts";
import { gateBuild, gateBuilds } from "../../reporters/build/gate.ts";
import { type GateRow, gateJson, gateSummary } from "../../reporters/gate.ts";
import { gateGrid } from "../../reporters/gateGrid.ts";
import { huntJson, huntSummary } from "../../reporters/hunt.ts";
import { command, type Typed } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import { fixtureFiles } from "../fixtureFiles.ts";
import { durationFlag } from "../flags/durationFlag.ts";
import type { Values } from "../flags/flag.ts";
import { invariantFlag } from "../flags/invariantFlag.ts";
import { numberFlag, textsFlag } from "../flags/kinds.ts";
import { programFlags } from "../flags/programFlags.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { reporterFlag } from "../flags/reporterFlag.ts";
import { jsonFlag } from "../flags/shared.ts";
import { type GateHunted, gateHunt } from "../gateHunt.ts";
import { GateJudge } from "../gateJudging.ts";
import { closeSubjects, type GateSubject, openSubjects, refuseFolderTwice } from "../gateSubjects.ts";
import { huntExitCode } from "../huntExitCode.ts";
import { type Interrupt, onInterrupt } from "../interrupt.ts";
import { note } from "../output.ts";
import { startPrograms, wordsOf } from "../programs/gate.ts";
import { Reporting } from "../reporting.ts";
import { typedCommand } from "../typedCommand.ts";

const { python, threads } = programFlags;

/** The subject where none is given. */
const DEFAULT_SUBJECT = "hardened";

const flags = {
  fixtures: {
    ...textsFlag("folder of fixtures; again for each"),
    default: ["fixtures"],
    defaultWords: "fixtures",
  },
  subject: {
    ...textsFlag(
      `what must hold: a fix (${FIX_NAMES.join(", ")}; the last four are the presets), an ES module that exports one, or a case in JSON; again for each`,
    ),
    defaultWords: DEFAULT_SUBJECT,
  },
  case: textsFlag(
    "a case in JSON, taken as a preset is: a subject, and what its hunt starts from; again for each",
  ),
  budget: durationFlag({
    description: "how long to hunt for new deaths of each subject afterwards: 500ms, 60s, 2m; 0 for no hunt",
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
  progress: progressFlag,
  reporter: reporterFlag,
  json: jsonFlag,
} as const;

type GateFlags = Values<typeof flags>;

/** `nanproof gate`: every fixture still dies without a fix, and none with it; then a hunt for new deaths. */
export const gateCommand = command({
  name: "gate",
  description: "do all fixtures hold under a fix?",
  exits:
    "0 all hold, 1 one fails or is stale, or a death was found, 3 none tells of the fix; of several subjects the worst",
  example: "gate --subject my-fix.mjs --subject hardened --budget 2m",
  flags,
  run: runGate,
});

/** The results of one subject. */
interface Judged {
  subject: string;
  rows: GateRow[];
  hunted: GateHunted | null;
}

async function runGate(asked: GateFlags, typed: Typed): Promise<number> {
  const { invariant } = asked;
  const reporting = new Reporting(asked);
  refuseFolderTwice(asked.fixtures);
  const invariants = await askedInvariants(invariant);
  const programs = await startPrograms(asked, typed, invariants);
  const subjects = await openSubjects(asked, DEFAULT_SUBJECT);
  const interrupt = onInterrupt();
  const close = async () => {
    await closeSubjects(subjects);
    for (const program of programs.values()) await program.close?.();
  };
  // A call that is under way would be waited for.
  interrupt.signal.addEventListener("abort", close);
  try {
    const paths = asked.fixtures.flatMap(fixtureFiles);
    const again = { invariants: invariant, program: wordsOf(programs) };
    const { "max-work": maxWork } = asked;
    const judge = new GateJudge({
      ...{ paths, subjects: subjects.length, maxWork, invariants, programs, interrupt },
    });
    const judged: Judged[] = [];
    for (const subject of subjects) {
      if (interrupt.signal.aborted) break;
      if (judged.length > 0) reporting.pretty([""]);
      const rows = await judge.judge(subject);
      reporting.pretty(gateSummary(subject.shown, rows, again));
      if (interrupt.signal.aborted) note(`interrupted after ${judge.done} of ${judge.total} fixtures`);
      const hunted = await huntOf(subject, asked, typed, interrupt);
      if (hunted)
        reporting.pretty([
          "",
          `hunted over wide on ${shellWord(subject.shown)}`,
          ...huntSummary(hunted.summary),
        ]);
      judged.push({ subject: subject.shown, rows, hunted });
    }
    if (subjects.length > 1) reporting.pretty(["", ...gateGrid(judged)]);
    const documents = judged.map(({ subject, rows, hunted }) =>
      gateJson(subject, rows, hunted && huntJson(hunted.summary), { ofPrograms: programs.size > 0 }),
    );
    reporting.end({
      json: subjects.length === 1 ? documents[0] : documents,
      build: gateBuilds(
        judged.map(({ subject, rows, hunted }) => gateBuild(subject, rows, hunted?.summary ?? null, again)),
      ),
    });
    const [unwritten] = judged.flatMap(({ hunted }) => hunted?.unwritten ?? []);
    if (unwritten) throw unwritten;
    if (interrupt.signal.aborted) return interrupt.exitCode();
    return worst(judged.map(({ rows, hunted }) => exitCodeOf(rows, hunted)));
  } finally {
    interrupt.release();
    await close();
  }
}

/** Hunts for new deaths of a subject, if there is a budget for it. */
async function huntOf(
  subject: GateSubject,
  asked: GateFlags,
  typed: Typed,
  { signal }: Interrupt,
): Promise<GateHunted | null> {
  // A program is judged as it is; there is no preset to hunt.
  const seconds = asked.program.length > 0 && !typed.has("budget") ? 0 : asked.budget;
  if (seconds === 0 || signal.aborted) return null;
  const { flag, text } = subject.given;
  const alone = { ...asked, subject: [], case: [], [flag]: [text] };
  const again = typedCommand("gate", flags, { ...alone, json: false, reporter: [], progress: "auto" });
  return gateHunt({ subject, seconds, invariant: asked.invariant, signal, again });
}

/** Of several subjects one that is violated counts for more than one of which nothing can be said. */
function worst(codes: readonly number[]): number {
  if (codes.includes(EXIT.violated)) return EXIT.violated;
  return Math.max(...codes);
}

/** 1 where a fixture failed or is stale, or a death was found; 3 where no fixture held, or the hunt ended so. */
function exitCodeOf(rows: readonly GateRow[], hunted: HuntReport | null): number {
  const verdicts = new Set(rows.map(({ verdict }) => verdict.kind));
  const found = hunted ? huntExitCode(hunted) : EXIT.ok;
  if (verdicts.has("failed") || verdicts.has("stale") || found === EXIT.violated) return EXIT.violated;
  return verdicts.has("held") && found === EXIT.ok ? EXIT.ok : EXIT.inconclusive;
}
