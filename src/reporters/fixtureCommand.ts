import { shellText, shellWord } from "../documents/printable.ts";
import type { Fixture } from "../fixtures/schema.ts";
import { isNamed } from "../invariants/named.ts";
import { DEFAULT_ENGINE } from "../programs/lstm/engines/engine.ts";

/** Flags as they were typed, which a printed command must say again. */
export interface RepeatedFlags {
  /** As `--invariant` was given. */
  invariants: readonly string[];
  /** Makes the flags that run a person's program, from the name of its file. */
  program?: (name: string) => string;
}

/** Of a command that was typed without any of them. */
export const NO_FLAGS: RepeatedFlags = { invariants: [] };

/** A fixture that a command is about. */
interface About {
  /** Its path, as typed from here. */
  path: string;
  /** Its expectations; null where they are not known. */
  expected: Pick<Fixture["expected"], "reproducesOn" | "invariants"> | null;
  /** The name of the person's file that it is a death of; null of one of the LSTM. */
  program: string | null;
}

/** A fixture, as commands are about it. */
export function aboutFixture(
  path: string,
  { expected, program }: Pick<Fixture, "expected" | "program">,
): About {
  return { path, expected, program: program?.name ?? null };
}

/**
 * A command about a fixture, to be pasted: with the engine that it dies on, where that is not the default one, and the files of the
 * invariants that it is held to, which it does not carry.
 */
export function fixtureCommand(
  verb: "replay" | "shrink",
  { path, expected, program }: About,
  { invariants, program: wordsOf = (name) => `--program PATH/${shellWord(name)}` }: RepeatedFlags,
  ...more: string[]
): string {
  const { reproducesOn = [], invariants: heldTo = null } = expected ?? {};
  const [engine] = reproducesOn;
  const isElsewhere = program === null && engine !== undefined && !reproducesOn.includes(DEFAULT_ENGINE);
  // A fixture that is known to be held to nothing needs no file.
  const files = expected !== null && heldTo === null ? [] : invariants.filter((spec) => !isNamed(spec));
  return [
    `npx nanproof ${verb} ${shellWord(path)}`,
    ...(isElsewhere && !more.some((word) => word.startsWith("--engine")) ? [`--engine ${engine}`] : []),
    ...(program === null ? [] : [wordsOf(program)]),
    ...files.map((spec) => `--invariant ${shellText(spec)}`),
    ...more,
  ].join(" ");
}
