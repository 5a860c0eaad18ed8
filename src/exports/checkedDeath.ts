import { UsageError } from "../documents/errors.ts";
import { shellWord } from "../documents/printable.ts";
import { replayFixture } from "../fixtures/replay.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { CapturedStep } from "../programs/lstm/cases/capturedStep.ts";
import type { Engine } from "../programs/lstm/engines/engine.ts";
import { isFatal } from "../programs/stepRecord.ts";
import type { CheckedDeath } from "./fromFixture.ts";

/**
 * Runs a fixture, and cuts out its fatal step.
 * @throws UsageError when it does not die as it says, or of no value that is not finite.
 */
export async function checkedDeath(stored: StoredFixture, engine: Engine): Promise<CheckedDeath> {
  const { path, fixture } = stored;
  if (fixture.program !== undefined)
    throw new UsageError(
      "NANPROOF_E_EXPORT",
      `${shellWord(path)}: is a death of the program ${fixture.program.name}, which is no network that a script could write out`,
      `make a folder of it: npx nanproof export ${shellWord(path)} --to bundle --program PATH/${shellWord(fixture.program.name)}`,
    );
  const { expected, sentence = "" } = fixture;
  let fatal: CapturedStep | null = null;
  const { reproduced, trajectory } = await replayFixture(stored, engine, {
    onStep: ({ step }, session) => {
      if (step === expected.step) fatal = session.cutOut() as CapturedStep;
    },
  });
  if (trajectory.status !== "failed" || !reproduced || fatal === null)
    throw new UsageError(
      "NANPROOF_E_EXPORT",
      `${shellWord(path)}: does not die of ${expected.signature} at step ${expected.step} on ${engine.name}`,
      `see what it does: npx nanproof replay ${shellWord(path)}`,
    );
  const { record } = trajectory.death;
  const site = expected.site as CheckedDeath["expected"]["site"];
  if (isFatal(record)) return { fatal, record, expected: { ...expected, site }, sentence };
  throw new UsageError(
    "NANPROOF_E_EXPORT",
    `${shellWord(path)}: dies of ${expected.signature}, with every value finite; a script looks for one that is not`,
    "export a fixture whose loss, gradients or weights are not finite",
  );
}
