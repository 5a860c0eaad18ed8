import { UsageError } from "../../documents/errors.ts";
import { shellWord } from "../../documents/printable.ts";
import { replayFixture } from "../../fixtures/replay.ts";
import type { StoredFixture } from "../../fixtures/store.ts";
import type { ProgramCase } from "../../programs/process/case.ts";
import type { ProgramHost } from "../../programs/process/program.ts";
import { type ProgramStep, stepOf } from "../../programs/process/step.ts";

/**
 * The fatal step of a program's fixture. One of a run is cut out of it, for which the program is run from its start.
 * @param open Starts the program, where it has to be run.
 * @throws UsageError when the run does not die as its fixture says, or the death has no value that is not finite.
 */
export async function fixtureStep(
  stored: StoredFixture,
  open: () => Promise<ProgramHost>,
): Promise<ProgramStep> {
  const { fixture, binary, path } = stored;
  const testCase = fixture.case as ProgramCase;
  const { expected } = fixture;
  if (expected.signature.startsWith("step/"))
    throw new UsageError(
      "NANPROOF_E_EXPORT",
      `${shellWord(path)}: dies of ${expected.signature}, with every value finite; a bundle looks for one that is not`,
      "export a fixture whose loss, gradients or weights are not finite",
    );
  if (testCase.cutOutAt !== undefined) return stepOf(testCase, binary);
  const host = await open();
  const { reproduced } = await replayFixture(stored, host);
  // The case stays open where its run has ended.
  if (reproduced)
    return { case: { ...testCase, cutOutAt: expected.step }, ...(await host.hosting.saved("before")) };
  throw new UsageError(
    "NANPROOF_E_EXPORT",
    `${shellWord(path)}: does not die of ${expected.signature} at step ${expected.step} in this program`,
    `see what it does: npx nanproof replay ${shellWord(path)} --program FILE`,
  );
}
