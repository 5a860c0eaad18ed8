import type { CommandModule } from "yargs";
import { shellWord } from "../documents/printable.ts";
import { readFixture } from "../fixtures/store.ts";
import type { Fix } from "../programs/fix.ts";
import { DEFAULT_ENGINE, type EngineName } from "../programs/lstm/engines/engine.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import type { UsersFix } from "../programs/lstm/fixes/fixModule.ts";
import { saves } from "../remedy/remedy.ts";
import { findRemedies, type Remedies } from "../remedy/search.ts";
import { remedyJson, remedySummary } from "../reporters/remedy.ts";
import { shownPath } from "../reporters/shownPath.ts";
import { durationFlag } from "./durationFlag.ts";
import { EXIT } from "./exitCodes.ts";
import { engineFlag, jsonFlag, numberFlag, textFlag } from "./flags.ts";
import { onInterrupt } from "./interrupt.ts";
import { note, print, printJson } from "./output.ts";
import { ProgressLine } from "./progressLine.ts";
import { subjectOf } from "./subject.ts";
import { timeUp } from "./timeUp.ts";

const DEFAULT_SEEDS = 12;
/** Seconds for each fixture where nothing is said. */
const DEFAULT_TIME = 300;

interface Flags {
  files: string[];
  seeds: number | undefined;
  time: number | undefined;
  fix: string | undefined;
  engine: EngineName | undefined;
  json: boolean;
}

/** `nanproof remedy`: what helps against a death, best first. */
export const remedyCommand: CommandModule<unknown, Flags> = {
  command: "remedy <files..>",
  describe: "what helps against a death: every known fix on the step, the run that died and other seeds",
  builder: (yargs) =>
    yargs
      .positional("files", { describe: "fixtures", type: "string", array: true, demandOption: true })
      .options({
        seeds: numberFlag("seeds", `runs of other seeds (default ${DEFAULT_SEEDS})`, {
          min: 1,
          integer: true,
        }),
        time: durationFlag("time", "for each fixture; what is not reached is not judged (default 5m)"),
        fix: textFlag("fix", "a remedy of your own besides: an ES module that exports fix"),
        engine: engineFlag,
        json: jsonFlag,
      } as const),
  handler: async (flags) => {
    process.exitCode = await runRemedy(flags);
  },
};

async function runRemedy({
  files,
  seeds = DEFAULT_SEEDS,
  time = DEFAULT_TIME,
  fix,
  engine: name,
  json,
}: Flags) {
  // All are read before the first is tried, so that a bad file is told at once.
  const fixtures = files.map((file) => readFixture(file));
  const engine = await openEngine(name ?? DEFAULT_ENGINE);
  const own: (Fix & Partial<Pick<UsersFix, "close">>)[] =
    fix === undefined ? [] : [(await subjectOf(fix)) as Fix];
  const interrupt = onInterrupt();
  const line = new ProgressLine();
  const found: { fixture: string; remedies: Remedies }[] = [];
  try {
    for (const stored of fixtures) {
      if (interrupt.signal.aborted) break;
      const fixture = shownPath(stored.path);
      const clock = timeUp(time);
      const signal = {
        get aborted() {
          return interrupt.signal.aborted || clock.aborted;
        },
      };
      const onPart = (part: string) => line.tell(`${fixture}: ${part}`);
      const remedies = await findRemedies(stored, engine, { seeds, own, signal, onPart });
      if (remedies === null) {
        note(`${shellWord(fixture)}: its death was not reached within the time; give more with --time`);
        continue;
      }
      found.push({ fixture, remedies });
      line.close();
      if (!json) print(remedySummary(fixture, remedies, (one) => engine.program.trials?.code(one) ?? null));
    }
    if (json) printJson(remedyJson(found));
    if (interrupt.signal.aborted) return interrupt.exitCode();
    if (found.length < fixtures.length) return EXIT.inconclusive;
    return found.every(({ remedies: { remedies } }) => remedies.some(saves)) ? EXIT.ok : EXIT.violated;
  } finally {
    line.close();
    interrupt.release();
    for (const { close } of own) await close?.();
  }
}
