import { basename } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import type { HostError } from "../protocol.ts";

/** A fault of a person's program, and no death: it threw, does not load, or does not answer. */
export class ProgramError extends UsageError {
  /**
   * @param kind As the protocol has it; `ended` where the process was gone, `hang` where it did not answer.
   * @param details The person's own traceback, or what the process said last, line by line.
   */
  constructor(
    readonly kind: HostError["kind"] | "ended" | "hang",
    message: string,
    hint: string,
    details: readonly string[] = [],
  ) {
    super("NANPROOF_E_PROGRAM", message, hint, details);
  }
}

/** Advice on an error of each kind. */
const HINTS: Readonly<Record<HostError["kind"], string>> = {
  load: "correct the file; it must export a program or call watch (docs/programs.md)",
  knobs: "correct the knobs; docs/programs.md has every kind of knob",
  "watch-never-called": "call the step that watch gives, once for each training step",
  batch: "give step tensors, arrays, numbers, and lists and records of them",
  program: "correct the program; this is an error of its own, and no death",
  unsupported: "docs/programs.md says what can be watched",
  restore: "take the program that the fixture was made with, with the same knobs and shapes",
  "fresh-process": "run the command again",
  protocol: "this is a bug in nanproof or in its client: report it with the command that shows it",
  swallowed: "let CaseEnded through, where the program catches errors",
};

/** True of a line of a traceback that says something of the person's own code: frames of Node's and of ours do not. */
function isPersons(line: string): boolean {
  return !/^\s+at .*(node:internal|\/dist\/programs\/|\/src\/programs\/(host|client))/.test(line);
}

/** The error of a host, in words for a person. */
export function programError(
  name: string,
  { kind, message, file, line, traceback }: HostError,
): ProgramError {
  const where = file === null ? name : `${basename(file)}${line === null ? "" : `:${line}`}`;
  const details = traceback === null ? [] : traceback.trimEnd().split("\n").filter(isPersons);
  return new ProgramError(kind, `${where}: ${message}`, HINTS[kind], details);
}
