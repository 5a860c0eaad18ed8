import { existsSync } from "node:fs";
import { fixturePath, removeFixture, writeFixture } from "../fixtures/store.ts";
import type { Diagnosis } from "../programs/diagnosis.ts";
import type { Finding } from "./finding.ts";
import type { Stage } from "./pipeline.ts";

/** A stage, and where its fixture stands where it has been written. */
export type WrittenStage<Step = unknown, D extends Diagnosis = Diagnosis> =
  | Exclude<Stage<Step, D>, { kind: WrittenKind }>
  | (Extract<Stage<Step, D>, { kind: WrittenKind }> & { path: string });

/** The stages that are written. */
type WrittenKind = "whole" | "trimmed" | "done";

/**
 * Writes the fixtures of a death as its stages come: as soon as it is cut out, and again once it is trimmed and once it is
 * complete, so that whoever loses patience, or power, has it. A better one takes the place of the one before it.
 */
export async function* writtenStages<Step, D extends Diagnosis>(
  stages: AsyncIterable<Stage<Step, D>>,
  folder: string,
): AsyncGenerator<WrittenStage<Step, D>> {
  let draft: Draft | null = null;
  for await (const stage of stages) {
    switch (stage.kind) {
      case "whole":
      case "trimmed": {
        const better: Draft =
          draft === null ? new Draft(folder, stage.finding) : draft.replacedBy(stage.finding);
        draft = better;
        yield { ...stage, path: better.path };
        break;
      }
      case "done": {
        const path = writeFixture(folder, stage.finding.fixture, stage.finding.binary);
        if (stage.of === "death") {
          draft?.remove(path);
          draft = null;
        }
        yield { ...stage, path };
        break;
      }
      case "gone":
        draft?.remove();
        yield stage;
        break;
      default:
        yield stage;
    }
  }
}

/** A fixture that stands on disk until a better one does. */
class Draft {
  readonly path: string;
  readonly #folder: string;
  /** Whether it was there before, and is not ours to touch. */
  readonly #isOlder: boolean;

  /** @param before The draft that it takes the place of. */
  constructor(folder: string, { fixture, binary }: Finding, before?: Draft) {
    this.#folder = folder;
    this.path = fixturePath(folder, fixture, binary);
    this.#isOlder = before?.path === this.path ? before.#isOlder : existsSync(this.path);
    if (!this.#isOlder) writeFixture(folder, fixture, binary);
  }

  /** Writes a better one, then takes this one away. */
  replacedBy(finding: Finding): Draft {
    const better = new Draft(this.#folder, finding, this);
    this.remove(better.path);
    return better;
  }

  /** Takes it away, unless it is the better one itself. */
  remove(better?: string): void {
    if (!this.#isOlder && this.path !== better) removeFixture(this.path);
  }
}
