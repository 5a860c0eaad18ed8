/**
 * The thread that a command runs in, from its words to its exit code. What it prints and shows goes to the main thread,
 * which owns the terminal and the signals.
 */
import yargs from "yargs";
import { hideBin } from "yargs/helpers";
import { UsageError } from "../documents/errors.ts";
import { version } from "../package.ts";
import { type Command, yargsCommand } from "./command.ts";
import { EXIT } from "./exitCodes.ts";
import { switchWords } from "./flags/flag.ts";
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
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  train: async () => (await import("./commands/train.ts")).trainCommand,
  hunt: async () => (await import("./commands/hunt.ts")).huntCommand,
  replay: async () => (await import("./commands/replay.ts")).replayCommand,
  show: async () => (await import("./commands/show.ts")).showCommand,
  gate: async () => (await import("./commands/gate.ts")).gateCommand,
  shrink: async () => (await import("./commands/shrink.ts")).shrinkCommand,
  explain: async () => (await import("./commands/explain.ts")).explainCommand,
  remedy: async () => (await import("./commands/remedy.ts")).remedyCommand,
  export: async () => (await import("./commands/export.ts")).exportCommand,
  compare: async () => (await import("./commands/compare.ts")).compareCommand,
  doctor: async () => (await import("./commands/doctor.ts")).doctorCommand,
  python: async () => (await import("./commands/python.ts")).pythonCommand,
  bench: async () => (await import("./commands/bench.ts")).benchCommand,
  completion: async () =>
    (await import("./commands/completion.ts")).completionCommand(() =>
      Promise.all(Object.values(COMMANDS).map((load) => load())),
    ),
};

/** Switches of every command. */
const COMMON_SWITCHES = ["--help", "-h", "--version", "-v"];

// Left to Node, what is thrown late (by a user's fix, say) would end with 1, which says that something was found.
process.on("uncaughtException", (error) => process.exit(report(error)));

const args = asked(hideBin(process.argv));
const parser = yargs(args)
  .scriptName("nanproof")
  .demandCommand(1, "name a command")
  .strictCommands()
  .strict()
  .version(version())
  .alias("version", "v")
  .help()
  .alias("help", "h")
  .epilogue("npx nanproof help COMMAND tells its flags, their defaults, its exit codes and an example")
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
  refuseUnknownCommand(args);
  const commands = await Promise.all(named(args).map((load) => load()));
  refuseMisusedSwitches(args, commands);
  refuseUnknownFlags(args, commands);
  for (const known of commands) parser.command(yargsCommand(known));
  // Where yargs is given this, it prints nothing itself: --help and --version are results, as the main thread prints them.
  await parser.parseAsync(args, {}, (_error, _flags, shown) => {
    if (shown !== "") print(shown.split("\n"));
  });
} catch (error) {
  process.exitCode = report(error);
}

/** The words with `help` put as yargs knows it; nothing at all asks for the list of commands. */
function asked([first, ...others]: string[]): string[] {
  if (first === undefined) return ["--help"];
  return first === "help" ? [...others, "--help"] : [first, ...others];
}

/** The command that the arguments name; all of them, where the first word is none. */
function named(words: string[]): (() => Promise<Command>)[] {
  const first = words.find((word) => !word.startsWith("-"));
  const one = first !== undefined && Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  return one === undefined ? Object.values(COMMANDS) : [one];
}

/** Refuses words of which none is a command, and names the one that was meant: yargs does not. */
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

/** Refuses a flag that is none of the command's, and names the one that was meant: yargs does not. */
function refuseUnknownFlags(words: string[], commands: readonly Command[]): void {
  const [one, ...others] = commands;
  if (one === undefined || others.length > 0) return;
  const names = [...Object.keys(one.flags), "help", "version"];
  for (const word of words) {
    const [typed, no, flag = ""] = /^--(no-)?([^=]*)/.exec(word) ?? [];
    // yargs knows learningRate for learning-rate.
    const name = flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (typed === undefined || names.includes(name)) continue;
    const near = nearest(name, names);
    throw new UsageError(
      "NANPROOF_E_USAGE",
      `no such flag: ${no ?? ""}${flag}${near === undefined ? "" : `; did you mean --${no ?? ""}${near}?`}`,
      `see npx nanproof ${one.name} --help`,
    );
  }
}

/** Refuses what yargs lets pass: a switch given a value (it reads --json=no as false), or twice. */
function refuseMisusedSwitches(words: string[], commands: readonly Command[]): void {
  const known = [...COMMON_SWITCHES, ...commands.flatMap(({ flags }) => switchWords(flags))];
  const switches = words.filter((word) => known.includes(word.split("=")[0] ?? ""));
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
