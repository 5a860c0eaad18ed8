#!/usr/bin/env node
import yargs from "yargs";
import { hideBin } from "yargs/helpers";
import { UsageError } from "../cases/errors.ts";
import { compareCommand } from "./compare.ts";
import { EXIT } from "./exitCodes.ts";
import { note } from "./output.ts";
import { replayCommand } from "./replay.ts";
import { trainCommand } from "./train.ts";
import { version } from "./version.ts";

const parser = yargs(hideBin(process.argv))
  .scriptName("nanproof")
  .command(trainCommand)
  .command(replayCommand)
  .command(compareCommand)
  .demandCommand(1, "name a command")
  .strict()
  .version(version())
  .help()
  .wrap(Math.min(110, process.stdout.columns ?? 110))
  .locale("en")
  .exitProcess(false)
  .fail((message, error) => {
    throw error ?? new UsageError("NANPROOF_E_USAGE", message, "see nanproof --help");
  });

try {
  await parser.parseAsync();
} catch (error) {
  process.exitCode = report(error);
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
