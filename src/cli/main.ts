#!/usr/bin/env node
import { SIGPIPE_EXIT } from "./exitCodes.ts";
import { CommandRun } from "./runCommand.ts";
import { Terminal } from "./terminal.ts";

// A reader that has seen enough (| head) ends the command, as it ends others.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(SIGPIPE_EXIT);
});

new CommandRun(process.argv.slice(2), new Terminal(process));
