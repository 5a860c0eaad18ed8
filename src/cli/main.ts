#!/usr/bin/env node
import yargs from "yargs";
import { hideBin } from "yargs/helpers";
import { UsageError } from "../cases/errors.ts";
import { benchCommand } from "./bench.ts";
import { compareCommand } from "./compare.ts";
import { EXIT, SIGPIPE_EXIT } from "./exitCodes.ts";
import { gateCommand } from "./gate.ts";
import { note } from "./output.ts";
import { replayCommand } from "./replay.ts";
import { trainCommand } from "./train.ts";
import { version } from "./version.ts";

/** yargs's messages in our words; its placeholders are filled in order. */
const WORDS = {
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

// A reader that has seen enough (| head) ends the command, as it ends others.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(SIGPIPE_EXIT);
});

const parser = yargs(hideBin(process.argv))
  .scriptName("nanproof")
  .command(trainCommand)
  .command(replayCommand)
  .command(gateCommand)
  .command(compareCommand)
  .command(benchCommand)
  .demandCommand(1, "name a command")
  .strictCommands()
  .strict()
  .version(version())
  .help()
  .wrap(Math.min(110, process.stdout.columns ?? 110))
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
  refuseMisusedSwitches(process.argv.slice(2));
  await parser.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** What yargs lets pass: a switch given a value (--json=no is read as false), or twice. */
function refuseMisusedSwitches(args: string[]): void {
  const switches = args.filter((arg) => /^--(json|update|shrink|no-shrink|help|version)(=|$)/.test(arg));
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
    note(`nanproof: ${error.message}\n  ${error.hint}  [${error.code}]`);
    return EXIT.usage;
  }
  note(
    `nanproof: this is a bug in nanproof, please report it with the command that shows it\n${(error as Error)?.stack ?? error}`,
  );
  return EXIT.internal;
}
