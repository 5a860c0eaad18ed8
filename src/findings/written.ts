import type { UsageError } from "../documents/errors.ts";
import { writeFixture } from "../fixtures/store.ts";
import type { Diagnosis } from "../programs/death.ts";
import { type Draft, type Written, writtenIfRoom } from "./draft.ts";
import type { Stage } from "./pipeline.ts";

/** A stage; where it is one that is written, with the file that is on disk now, or null for none. */
export type WrittenStage<Step = unknown, D extends Diagnosis = Diagnosis> =
  | Exclude<Stage<Step, D>, { kind: WrittenKind }>
  | (Extract<Stage<Step, D>, { kind: WrittenKind }> & { written: Written | null });

/** The stages that are written. */
type WrittenKind = "whole" | "trimmed" | "shrunk" | "done";

/**
 * Writes the fixtures of a death as their stages come: as soon as it is cut out, and again once it is trimmed, shrunk and
 * complete, so that whoever loses patience, or power, has it. A better one takes the place of the one before it; where the
 * disk has no room for one the next smaller one is tried.
 * @param draft The fixture of it that is on disk already.
 * @param onUnwritten Called for each fixture of another bug that the disk does not take.
 * @throws UsageError when the complete one cannot be written; the one before it is on disk then, if it was.
 */
export async function* writtenStages<Step, D extends Diagnosis>(
  stages: AsyncIterable<Stage<Step, D>>,
  folder: string,
  draft: Draft,
  onUnwritten: (error: UsageError) => void,
): AsyncGenerator<WrittenStage<Step, D>> {
  // Other bugs come after the death, which stays where it is.
  let isComplete = false;
  for await (const stage of stages)
    switch (stage.kind) {
      case "whole":
      case "trimmed":
      case "shrunk":
        yield { ...stage, written: isComplete ? null : draft.write(stage.finding) };
        break;
      case "done": {
        const { finding } = stage;
        const path =
          stage.of === "death"
            ? writeFixture(folder, finding.fixture, finding.binary)
            : writtenIfRoom(folder, finding, onUnwritten);
        if (stage.of === "death") draft.leaveTo(path);
        isComplete = true;
        yield { ...stage, written: path === null ? null : { path, finding } };
        break;
      }
      case "gone":
        draft.leaveTo(null);
        yield stage;
        break;
      default:
        yield stage;
    }
}
