import { UsageError } from "../documents/errors.ts";
import { CONFIRMING_ENGINE, DEFAULT_ENGINE } from "./lstm/engines/engine.ts";
import { openEngine } from "./lstm/engines/open.ts";
import { lstm } from "./lstm/program.ts";
import type { Host, Program } from "./program.ts";

/** A program that comes with nanproof, and how its hosts are opened. */
interface Registered {
  program: Program;
  /** What runs its cases where nothing is named. */
  defaultHost: string;
  /** What a death must die on too before it counts. */
  confirmingHost: string;
  /** @throws UsageError when there is no such host here, or it does not load. */
  openHost(name: string): Promise<Host>;
}

const PROGRAMS: Readonly<Record<string, Registered>> = {
  [lstm.name]: {
    program: lstm,
    defaultHost: DEFAULT_ENGINE,
    confirmingHost: CONFIRMING_ENGINE,
    openHost: openEngine,
  },
};

/**
 * The program of a name; the one that fixtures which name none are of, where none is given.
 * @throws UsageError when there is no such program.
 */
export function programNamed(name: string = lstm.name): Registered {
  const known = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
  if (known !== undefined) return known;
  throw new UsageError(
    "NANPROOF_E_PROGRAM",
    `there is no program ${JSON.stringify(name)}`,
    `give one of ${Object.keys(PROGRAMS).join(", ")}`,
  );
}
