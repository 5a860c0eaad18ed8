import { shellWord } from "../../documents/printable.ts";
import { readFixture, type StoredFixture } from "../../fixtures/store.ts";
import type { Fix } from "../../programs/fix.ts";
import type { UsersFix } from "../../programs/lstm/fixes/fixModule.ts";
import type { ProgramHost } from "../../programs/process/program.ts";
import type { Host } from "../../programs/program.ts";
import { saves } from "../../remedy/remedy.ts";
import { findRemedies, type Remedies } from "../../remedy/search.ts";
import { notJudgedLines, remedyJson, remedySummary } from "../../reporters/remedy.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { type Files, fileCommand, type Typed } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import { durationFlag } from "../flags/durationFlag.ts";
import type { Values } from "../flags/flag.ts";
import { invariantFlag } from "../flags/invariantFlag.ts";
import { numberFlag, textsFlag } from "../flags/kinds.ts";
import { programFlags, programRunFlags } from "../flags/programFlags.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { engineFlag, jsonFlag } from "../flags/shared.ts";
import { hostsFor } from "../hostsFor.ts";
import { onInterrupt } from "../interrupt.ts";
import { note, print, printJson } from "../output.ts";
import { ownRemedies, tellOwn } from "../programs/ownRemedies.ts";
import { ProgressLine } from "../progressLine.ts";
import { subjectOf } from "../subject.ts";
import { timeUp } from "../timeUp.ts";

const flags = {
  seeds: numberFlag({ description: "runs of other seeds", default: 12, min: 1, integer: true }),
  time: durationFlag({
    description: "for each fixture; what is not reached is not judged",
    default: 300,
    defaultWords: "5m",
  }),
  fix: textsFlag(
    "a remedy of your own besides, again and again: an ES module that exports fix, or a case in JSON; or one more known fix by its name; beside --program a file of the program, mended",
  ),
  knob: {
    ...programRunFlags.knob,
    description: "a knob of the program to try, as rate=0.001; again and again",
  },
  engine: engineFlag,
  ...programFlags,
  invariant: invariantFlag,
  progress: progressFlag,
  json: jsonFlag,
} as const;

/** `nanproof remedy`: what helps against a death, best first. */
export const remedyCommand = fileCommand({
  name: "remedy",
  description: "what helps against a death: every known fix on the step, the run that died and other seeds",
  exits: "0 something saves each, 1 nothing saves one, 3 one was not reached in the time",
  example: "remedy fixtures/NAME.json --seeds 6 --time 2m",
  operand: { name: "files", description: "fixtures", many: true },
  flags,
  run: runRemedy,
});

async function runRemedy(files: Files, given: Values<typeof flags>, typed: Typed): Promise<number> {
  const { seeds, time, json } = given;
  // All are read before the first is tried, so that a bad file is named at once.
  const fixtures = files.map((file) => readFixture(file));
  const modules: (Fix & Partial<Pick<UsersFix, "close">>)[] = [];
  if (given.program === undefined)
    for (const fix of given.fix) modules.push((await subjectOf("fix", fix)) as Fix);
  const interrupt = onInterrupt();
  const line = new ProgressLine();
  const found: { fixture: string; remedies: Remedies }[] = [];
  try {
    for (const [index, stored] of fixtures.entries()) {
      if (interrupt.signal.aborted) break;
      const fixture = shownPath(stored.path);
      const clock = timeUp(time);
      const signal = {
        get aborted() {
          return interrupt.signal.aborted || clock.aborted;
        },
      };
      const onPart = (part: string) =>
        line.tell({
          head: `${fixture}: ${part}`,
          ...(fixtures.length > 1 && {
            counted: { what: "fixtures", done: index, total: fixtures.length },
          }),
        });
      const { host, own } = await withOwn(stored, given, typed, modules);
      try {
        const remedies = await findRemedies(stored, host, { seeds, own, signal, onPart });
        if (remedies === null) {
          note(`${shellWord(fixture)}: its death was not reached within the time; give more with --time`);
          continue;
        }
        found.push({ fixture, remedies });
        line.close();
        if (json) for (const text of notJudgedLines(remedies.notJudged)) note(`${fixture}: ${text.trim()}`);
        else print(remedySummary(fixture, remedies, (one) => host.program.trials?.code(one, host) ?? null));
      } finally {
        await host.close?.();
      }
    }
    if (json) printJson(remedyJson(found));
    if (interrupt.signal.aborted) return interrupt.exitCode();
    if (found.length < fixtures.length) return EXIT.inconclusive;
    return found.every(({ remedies: { remedies } }) => remedies.some(saves)) ? EXIT.ok : EXIT.violated;
  } finally {
    line.close();
    interrupt.release();
    for (const { close } of modules) await close?.();
  }
}

/** The host of a fixture, and the remedies of the person's own that it can try. */
async function withOwn(
  stored: StoredFixture,
  given: Values<typeof flags>,
  typed: Typed,
  modules: readonly Fix[],
): Promise<{ host: Host; own: readonly Fix[] }> {
  const { host } = await hostsFor(stored, given, typed);
  if (!isOfProgram(host)) return { host, own: modules };
  tellOwn(host, given);
  return ownRemedies(host, stored, given) as Promise<{ host: Host; own: readonly Fix[] }>;
}

function isOfProgram(host: Host): host is ProgramHost & Host {
  return "hosting" in host;
}
