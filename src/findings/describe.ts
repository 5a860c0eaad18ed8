import { dirname } from "node:path";
import { heldTo } from "../fixtures/heldTo.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { CaseSize, Host } from "../programs/program.ts";
import { placedSentence } from "./finding.ts";
import { runToDeath } from "./runToDeath.ts";

/** The description of a fixture's case, for a person. */
interface CaseDescription {
  sentence: string;
  size: CaseSize;
}

/**
 * Describes a fixture's case as it dies on a host.
 * @returns Null where it does not die there.
 * @throws UsageError when its text cannot be read or the host cannot run it.
 */
export async function describeFixture(stored: StoredFixture, given: Host): Promise<CaseDescription | null> {
  const { path, fixture, binary } = stored;
  const host = heldTo(given, stored);
  const { program } = host;
  const files = { folder: dirname(path), ...(binary && { binary }) };
  const { dead } = await runToDeath(host, fixture.case, files);
  if (dead === null) return null;
  const { step, death } = dead.fatal;
  const run = program.runShrinking.withSteps(fixture.case, fixture.expected.step);
  return {
    sentence:
      fixture.grade === "run"
        ? await program.runSentence(run, step, death, host)
        : placedSentence(await program.stepSentence(step, death, host), fixture.provenance),
    size: program.caseSize(fixture.case, binary),
  };
}
