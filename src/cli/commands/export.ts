import { basename } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import { shellWord } from "../../documents/printable.ts";
import { writeWhole } from "../../documents/writeWhole.ts";
import { checkedDeath } from "../../exports/checkedDeath.ts";
import { reproductionOf } from "../../exports/fromFixture.ts";
import { issueMarkdown } from "../../exports/issue.ts";
import { type Rendered, rendered } from "../../exports/render.ts";
import type { Reproduction } from "../../exports/reproduction.ts";
import type { Target } from "../../exports/target.ts";
import { TARGET_NAMES, TARGETS } from "../../exports/targets.ts";
import { type Verified, verdictText, verify } from "../../exports/verify.ts";
import { readFixture } from "../../fixtures/store.ts";
import { DEFAULT_ENGINE } from "../../programs/lstm/engines/engine.ts";
import { openEngine } from "../../programs/lstm/engines/open.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { fileCommand } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import type { Values } from "../flags/flag.ts";
import { choiceFlag, switchFlag, textFlag } from "../flags/kinds.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { onInterrupt } from "../interrupt.ts";
import { note, print } from "../output.ts";
import { ProgressLine } from "../progressLine.ts";

const flags = {
  to: choiceFlag({ description: "what it is written for", choices: TARGET_NAMES }),
  out: textFlag({
    description: "file for the script; many numbers go into a file beside it",
    defaultWords: "stdout",
  }),
  verify: switchFlag("run the script, and nudge its weights within the fixture's margin where it lives"),
  python: textFlag({ description: "the Python that --verify runs", defaultWords: "python3" }),
  issue: switchFlag("print what a bug report asks for, in Markdown, with the script in a fold"),
  progress: progressFlag,
} as const;

type Flags = Values<typeof flags> & { file: string };

/** `nanproof export`: a fixture as one script that needs its framework alone. */
export const exportCommand = fileCommand({
  name: "export",
  description: "turn a fixture into one script for a framework's issue tracker",
  exits: "0 written, and with --verify it dies there; 1 with --verify it lives there",
  example: "export fixtures/NAME.json --to pytorch --out repro.py",
  operand: { name: "file", description: "a fixture", many: false },
  flags,
  run: ([file], given) => runExport({ ...given, file }),
});

async function runExport(flags: Flags): Promise<number> {
  const { file, out } = flags;
  const target = targetOf(flags);
  const stored = readFixture(file);
  const engine = await openEngine(DEFAULT_ENGINE);
  const reproduction = reproductionOf(await checkedDeath(stored, engine));
  checkExpressed(file, reproduction, target);
  const written = rendered(reproduction, target);
  checkPlace(written, out);
  if (!flags.verify) return put(flags, { reproduction, target, script: written, verified: null });
  const interrupt = onInterrupt();
  const line = new ProgressLine();
  try {
    line.tell({ head: `running it in ${target.title}` });
    const runner = { python: flags.python ?? "python3", signal: interrupt.signal };
    // What is stopped in the midst of it fails, and says nothing of the script.
    const verified = await verify(reproduction, target, runner).catch((error: unknown) => {
      if (interrupt.signal.aborted) return null;
      throw error;
    });
    line.close();
    if (verified === null || interrupt.signal.aborted) return interrupt.exitCode();
    if (verified.verdict.kind === "cannot run") throw cannotRun(target, verified.verdict.error);
    const script = rendered(verified.reproduction, target);
    put(flags, { reproduction: verified.reproduction, target, script, verified });
    note(verdictText(verified.verdict, verified.versions));
    return verified.verdict.kind === "dies" ? EXIT.ok : EXIT.violated;
  } finally {
    line.close();
    interrupt.release();
  }
}

function targetOf({ to, verify: verifies, python }: Flags): Target {
  if (to === undefined)
    throw new UsageError("NANPROOF_E_USAGE", "--to is missing", `give one of ${TARGET_NAMES.join(", ")}`);
  const target = TARGETS[to];
  if (python === undefined) return target;
  if (!verifies)
    throw new UsageError(
      "NANPROOF_E_USAGE",
      `--python is ${JSON.stringify(python)}, and nothing is run`,
      "give --verify too, or leave --python out",
    );
  if (target.language === "python") return target;
  throw new UsageError(
    "NANPROOF_E_USAGE",
    `--python is ${JSON.stringify(python)}, and --to ${to} runs in Node`,
    "leave --python out",
  );
}

/** @throws UsageError when the target cannot express the reproduction; it names those that can. */
function checkExpressed(file: string, reproduction: Reproduction, target: Target): void {
  const why = target.refuses(reproduction);
  if (why === null) return;
  const able = TARGET_NAMES.filter((name) => TARGETS[name].refuses(reproduction) === null);
  throw new UsageError(
    "NANPROOF_E_EXPORT",
    `${shellWord(shownPath(file))}: ${target.title} cannot express it: ${why}`,
    `give --to ${able.join(", ")}`,
  );
}

/** @throws UsageError when a second file is needed and there is no place for it. */
function checkPlace({ beside, numbers }: Rendered, out: string | undefined): void {
  if (beside === null || out !== undefined) return;
  throw new UsageError(
    "NANPROOF_E_EXPORT",
    `--out is missing: ${numbers} numbers are too many for a script, and go into a file beside it`,
    `give --out FILE; FILE${beside.suffix} is written too`,
  );
}

function cannotRun({ title }: Target, error: string): UsageError {
  const last = error.split("\n").at(-1) ?? "";
  return new UsageError(
    "NANPROOF_E_VERIFY",
    `the script cannot run in ${title}: ${last === "" ? "it said nothing" : last}`,
    "leave --verify out, and run the script by hand to see why",
  );
}

interface Made {
  reproduction: Reproduction;
  target: Target;
  script: Rendered;
  verified: Verified | null;
}

/** Writes the script, or prints it; with --issue the report is what is printed. */
function put({ out, issue }: Flags, made: Made): number {
  const { script, target } = made;
  const file =
    out === undefined ? `reproduction.${target.language === "python" ? "py" : "js"}` : basename(out);
  if (out !== undefined) {
    if (script.beside !== null) writeWhole(out + script.beside.suffix, script.beside.contents);
    writeWhole(out, script.script);
    const besides = script.beside === null ? [] : [shellWord(shownPath(out + script.beside.suffix))];
    note(`written ${[shellWord(shownPath(out)), ...besides].join(" and ")}`);
  }
  if (issue) print(issueMarkdown({ ...made, file }));
  else if (out === undefined) print(script.script.trimEnd().split("\n"));
  return EXIT.ok;
}
