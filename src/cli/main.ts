#!/usr/bin/env node
import { watchOutputs } from "./outputs.ts";
import { CommandRun } from "./runCommand.ts";
import { Terminal } from "./terminal.ts";

const terminal = new Terminal(process);
const run = new CommandRun(process.argv.slice(2), terminal);
watchOutputs({ onLeft: () => run.leave(), note: (line) => terminal.note(line) });
