import { dirname } from "node:path";
import { type CaseSize, caseSize } from "../cases/size.ts";
import { writtenNumbers } from "../cases/writtenNumbers.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { Engine } from "../training/engine.ts";
import { fatalStep } from "./fatalStep.ts";
import { growthIn } from "./growth.ts";
import { runSentence } from "./run/runSentence.ts";
import { stepSentence } from "./sentence.ts";

/** What a fixture tells a person of its case. */
interface CaseDescription {
  sentence: string;
  size: CaseSize;
}

/**
 * Describes a fixture's case as it dies on an engine.
 * @returns Null where it does not die there.
 * @throws UsageError when its text cannot be read or the engine cannot run it.
 */
export async function describeFixture(
  { path, fixture, binary }: StoredFixture,
  engine: Engine,
): Promise<CaseDescription | null> {
  const fatal = await fatalStep(engine, fixture.case, { folder: dirname(path), ...(binary && { binary }) });
  if (fatal === null) return null;
  const { step, death } = fatal;
  return {
    sentence:
      fixture.grade === "run"
        ? runSentence(engine, { case: { ...fixture.case, steps: fixture.expected.step }, fatal })
        : stepSentence(step, death, growthIn(engine, step, death)),
    size: caseSize(fixture.case, writtenNumbers(fixture.case, binary)),
  };
}
