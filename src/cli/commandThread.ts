/**
 * The thread that a command runs in, from its words to its exit code. What it prints and shows goes to the main thread,
 * which owns the terminal and the signals.
 */
import yargs, { type Argv } from "yargs";
import { hideBin } from "yargs/helpers";
import { UsageError } from "../documents/errors.ts";
import { version } from "../package.ts";
import { EXIT } from "./exitCodes.ts";
import { terminalColumns } from "./messages.ts";
import { nearest } from "./nearest.ts";
import { bugLines, errorLines, note, print } from "./output.ts";

/** yargs's messages in our words; its placeholders are filled in order. */
const WORDS = {
  // Every flag is read as a text and checked by us, numbers too.
  string: "value",
  "Not enough arguments following: %s": "--%s is given no value",
  "Unknown argument: %s": { one: "no such flag: %s", other: "no such flags: %s" },
  "Unknown command: %s": {
    one: "no such command, or an argument too many: %s",
    other: "no such command, or arguments too many: %s",
  },
  "Not enough non-option arguments: got %s, need at least %s": {
    one: "got %s file names, and needs at least %s",
    other: "got %s file names, and needs at least %s",
  },
} as unknown as Record<string, string>;

/** Every command, in the order of --help. What one of them needs is read from disk when it is asked for. */
const COMMANDS: Readonly<Record<string, (parser: Argv) => Promise<Argv>>> = {
  train: async (parser) => parser.command((await import("./train.ts")).trainCommand),
  hunt: async (parser) => parser.command((await import("./hunt.ts")).huntCommand),
  replay: async (parser) => parser.command((await import("./replay.ts")).replayCommand),
  gate: async (parser) => parser.command((await import("./gate.ts")).gateCommand),
  shrink: async (parser) => parser.command((await import("./shrink.ts")).shrinkCommand),
  explain: async (parser) => parser.command((await import("./explain.ts")).explainCommand),
  remedy: async (parser) => parser.command((await import("./remedy.ts")).remedyCommand),
  compare: async (parser) => parser.command((await import("./compare.ts")).compareCommand),
  doctor: async (parser) => parser.command((await import("./doctor.ts")).doctorCommand),
  bench: async (parser) => parser.command((await import("./bench.ts")).benchCommand),
};

// Left to Node, what is thrown late (by a user's fix, say) would end with 1, which says that something was found.
process.on("uncaughtException", (error) => process.exit(report(error)));

const args = hideBin(process.argv);
const parser = yargs(args)
  .scriptName("nanproof")
  .demandCommand(1, "name a command")
  .strictCommands()
  .strict()
  .version(version())
  .help()
  .wrap(Math.min(110, terminalColumns() ?? 110))
  .locale("en")
  .updateStrings(WORDS)
  .exitProcess(false)
  .fail((message, error) => {
    if (error && error.name !== "YError") throw error;
    throw new UsageError(
      "NANPROOF_E_USAGE",
      message ?? error.message,
      "see nanproof --help, or --help after a command",
    );
  });

try {
  refuseMisusedSwitches(args);
  refuseUnknownCommand(args);
  for (const name of named(args)) await COMMANDS[name]?.(parser);
  // Where yargs is given this, it prints nothing itself: --help and --version are results, as the main thread prints them.
  await parser.parseAsync(args, {}, (_error, _flags, shown) => {
    if (shown !== "") print(shown.split("\n"));
  });
} catch (error) {
  process.exitCode = report(error);
}

/** The command that the arguments name; all of them, where the first word is none. */
function named(words: string[]): string[] {
  const first = words.find((word) => !word.startsWith("-"));
  return first !== undefined && Object.hasOwn(COMMANDS, first) ? [first] : Object.keys(COMMANDS);
}

/** Where no word is a command: the one that was meant, in words that yargs has not. */
function refuseUnknownCommand(words: string[]): void {
  const names = Object.keys(COMMANDS);
  const first = words.find((word) => !word.startsWith("-"));
  if (first === undefined || words.some((word) => names.includes(word))) return;
  const near = nearest(first, names);
  throw new UsageError(
    "NANPROOF_E_USAGE",
    `there is no command ${JSON.stringify(first)}${near === undefined ? "" : `; did you mean ${near}?`}`,
    `give one of ${names.join(", ")}`,
  );
}

/** What yargs lets pass: a switch given a value (--json=no is read as false), or twice. */
function refuseMisusedSwitches(words: string[]): void {
  const switches = words.filter((arg) =>
    /^--(json|update|run|shrink|no-shrink|stop-early|help|version)(=|$)/.test(arg),
  );
  const wrong = switches.find((arg, i) => arg.includes("=") || switches.indexOf(arg) < i);
  if (wrong === undefined) return;
  const [flag] = wrong.split("=");
  throw new UsageError(
    "NANPROOF_E_USAGE",
    wrong === flag ? `${flag} is given twice` : `${wrong}: ${flag} takes no value`,
    `give ${flag} once and alone, or leave it out`,
  );
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    for (const line of errorLines(error)) note(line);
    return EXIT.usage;
  }
  for (const line of bugLines(error)) note(line);
  return EXIT.internal;
}
