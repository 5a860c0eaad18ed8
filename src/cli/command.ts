import type { Argv, CommandModule } from "yargs";
import { type Flags, type Values, valuesOf, yargsOptions } from "./flags/flag.ts";
import { PROGRESS_MODES } from "./flags/progressFlag.ts";
import { setProgressMode } from "./output.ts";

/** The operands of a command: all that it takes beside flags. */
export interface Operand {
  name: string;
  description: string;
  /** True where there may be several of them. */
  many: boolean;
}

/** The files that a command was given, one at least. */
export type Files = [first: string, ...others: string[]];

/** A command, all of it. */
export interface Command {
  name: string;
  description: string;
  /** The meaning of its exit codes, but for those that all commands have. */
  exits: string;
  /** One use of it, as typed after `npx nanproof`. */
  example: string;
  operand: Operand | null;
  flags: Flags;
  /** Runs it on what yargs has read. @returns Its exit code. */
  run(read: Readonly<Record<string, unknown>>): Promise<number>;
}

/** The part of a command that --help shows. */
type Described = Pick<Command, "name" | "description" | "exits" | "example">;

/** The exit codes that every command has. */
const COMMON_EXITS = "2 bad usage or unreadable input, 70 a bug of nanproof, 128 + n on a signal";

/** A command that takes flags alone. */
export function command<F extends Flags>(
  spec: Described & { flags: F; run: (flags: Values<F>, typed: Typed) => Promise<number> },
): Command {
  const { flags, run } = spec;
  return { ...spec, operand: null, run: (read) => run(valuesOf(flags, read), typedOf(flags, read)) };
}

/** The names of the flags that were typed, whatever their values. */
export type Typed = ReadonlySet<string>;

function typedOf(flags: Flags, read: Readonly<Record<string, unknown>>): Typed {
  return new Set(Object.keys(flags).filter((name) => read[name] !== undefined));
}

/** A command that takes files. */
export function fileCommand<F extends Flags>(
  spec: Described & {
    operand: Operand;
    flags: F;
    run: (files: Files, flags: Values<F>, typed: Typed) => Promise<number>;
  },
): Command {
  const { flags, operand, run } = spec;
  const filesOf = (read: Readonly<Record<string, unknown>>) => [read[operand.name]].flat() as Files;
  return { ...spec, run: (read) => run(filesOf(read), valuesOf(flags, read), typedOf(flags, read)) };
}

/** The command as yargs takes it. */
export function yargsCommand({
  name,
  description,
  exits,
  example,
  operand,
  flags,
  run,
}: Command): CommandModule {
  return {
    command: operand === null ? name : `${name} <${operand.name}${operand.many ? ".." : ""}>`,
    describe: description,
    builder: (yargs: Argv) => {
      const parser = yargs
        .options(yargsOptions(flags))
        .epilogue(`Exit codes: ${exits}; ${COMMON_EXITS}\n\nExample: npx nanproof ${example}`);
      if (operand === null) return parser;
      const { name: placed, description: describe, many } = operand;
      return parser.positional(placed, {
        describe,
        type: "string",
        demandOption: true,
        ...(many && { array: true }),
      });
    },
    handler: async (read) => {
      const mode = PROGRESS_MODES.find((known) => known === read.progress);
      if (mode !== undefined) setProgressMode(mode, name);
      process.exitCode = await run(read);
    },
  };
}
