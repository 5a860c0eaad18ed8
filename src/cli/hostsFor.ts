import { basename } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { shellWord } from "../documents/printable.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import { askedInvariants } from "../invariants/asked.ts";
import { CONFIRMING_ENGINE, type EngineName } from "../programs/lstm/engines/engine.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import type { ProgramCase } from "../programs/process/case.ts";
import { knobsMisfit } from "../programs/process/knobs.ts";
import type { Host } from "../programs/program.ts";
import type { RepeatedFlags } from "../reporters/fixtureCommand.ts";
import { programWords } from "../reporters/programWords.ts";
import { shownPath } from "../reporters/shownPath.ts";
import type { Typed } from "./command.ts";
import { fileOrder, type ProgramFlags, refuseWithoutProgram } from "./flags/programFlags.ts";
import { note } from "./output.ts";
import { startProgram } from "./programs/opening.ts";

/** The hosts that run a fixture. */
export interface Hosts {
  host: Host;
  /** Opens what confirms a death that the host shows. */
  others: () => Promise<readonly Host[]>;
  /** Name, as fixtures have it, of the host that must confirm a death before it counts. */
  confirm: string;
  /** Flags that commands about the fixture must say again. */
  again: RepeatedFlags;
}

/**
 * Opens what runs a fixture: an engine, or the person's program that it is of. Where the program has changed since, a note says
 * so, and it runs: that is how a fix is tried.
 * @throws UsageError when a fixture of a program is given none, or one of the LSTM is, or its knobs are not the program's.
 */
export async function hostsFor(
  { path, fixture }: StoredFixture,
  flags: ProgramFlags & { engine: EngineName; invariant: readonly string[] },
  typed: Typed,
): Promise<Hosts> {
  const shown = shellWord(shownPath(path));
  const invariants = await askedInvariants(flags.invariant);
  const { program: file } = flags;
  if (fixture.program === undefined) {
    if (file !== undefined)
      throw new UsageError(
        "NANPROOF_E_FLAGS",
        `${shown} is a fixture of nanproof's own LSTM, and --program is given`,
        "leave out --program",
      );
    refuseWithoutProgram(typed);
    const host = { ...(await openEngine(flags.engine)), invariants };
    const others = async () => (host.name === CONFIRMING_ENGINE ? [] : [await openEngine(CONFIRMING_ENGINE)]);
    return {
      host,
      others,
      confirm: CONFIRMING_ENGINE,
      again: { invariants: flags.invariant },
    };
  }
  if (file === undefined)
    throw new UsageError(
      "NANPROOF_E_FLAGS",
      `${shown} is a death of the program ${fixture.program.name}, and a fixture never says what to run`,
      `give --program PATH/${shellWord(fixture.program.name)}`,
    );
  const { threads } = fixture.provenance as { threads?: number };
  const asMade = typed.has("threads") || threads === undefined ? {} : { threads };
  const order = { ...fileOrder(file, flags, typed), ...asMade };
  const host = { ...(await startProgram(order)), invariants };
  const { sha256, name } = fixture.program;
  if (sha256 !== null && sha256 !== host.file?.sha256)
    note(
      `${basename(file)} is not the file that the fixture was made with${name === basename(file) ? ": it has changed since" : ` (${name})`}`,
    );
  if (threads !== undefined && threads !== order.threads)
    note(
      `${shown} was made with --threads ${threads}, and runs with ${order.threads}: its bits may be others`,
    );
  const misfit = knobsMisfit(host.hosting.ready.knobs, (fixture.case as ProgramCase).knobs);
  if (misfit !== null) {
    await host.close?.();
    throw new UsageError(
      "NANPROOF_E_STALE",
      `${shown} is stale: ${misfit}`,
      "capture the death again with today's program",
    );
  }
  return {
    host,
    others: async () => [await startProgram({ ...order, isFresh: true })],
    confirm: "fresh-process",
    again: { invariants: flags.invariant, program: () => programWords(order) },
  };
}
