import { shellText, shellWord } from "../documents/printable.ts";
import type { Fixture } from "../fixtures/schema.ts";
import { isNamed } from "../invariants/named.ts";
import { DEFAULT_ENGINE } from "../programs/lstm/engines/engine.ts";

/** What was typed that a printed command must say again. */
export interface Typed {
  /** As `--invariant` was given. */
  invariants: readonly string[];
}

/** Nothing that matters. */
export const NOTHING_TYPED: Typed = { invariants: [] };

/** A fixture that a command is about. */
interface About {
  /** Its path, as typed from here. */
  path: string;
  /** What it expects, where that is known. */
  expected: Pick<Fixture["expected"], "reproducesOn" | "invariants"> | null;
}

/**
 * A command about a fixture, to be pasted: with the engine that it dies on, where that is not the default one, and the files of the
 * invariants that it is held to, which it does not carry.
 */
export function fixtureCommand(
  verb: "replay" | "shrink",
  { path, expected }: About,
  { invariants }: Typed,
  ...more: string[]
): string {
  const { reproducesOn = [], invariants: held = null } = expected ?? {};
  const [engine] = reproducesOn;
  const isElsewhere = engine !== undefined && !reproducesOn.includes(DEFAULT_ENGINE);
  // A fixture that is known to be held to nothing needs no file.
  const files = expected !== null && held === null ? [] : invariants.filter((spec) => !isNamed(spec));
  return [
    `npx nanproof ${verb} ${shellWord(path)}`,
    ...(isElsewhere && !more.some((word) => word.startsWith("--engine")) ? [`--engine ${engine}`] : []),
    ...files.map((spec) => `--invariant ${shellText(spec)}`),
    ...more,
  ].join(" ");
}
