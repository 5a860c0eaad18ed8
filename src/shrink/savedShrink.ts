import * as z from "zod";
import type { CapturedStep } from "../cases/capturedStep.ts";
import { openData } from "../cases/data.ts";
import { initialState } from "../cases/state.ts";
import { trainingCaseSchema } from "../cases/trainingCase.ts";
import { stepCase } from "../fixtures/capture.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { Engine } from "../training/engine.ts";
import { onBatch } from "./edits/batch.ts";
import { SavedFile } from "./savedFile.ts";
import type { ShrinkProgress } from "./shrinkStep.ts";

/** Where an earlier shrink of the same fixture had come to. */
export interface ResumedShrink {
  step: CapturedStep;
  /** Steps that it had run for trying candidates. */
  candidates: number;
}

const savedSchema = z.strictObject({
  schemaVersion: z.literal(1),
  candidates: z.int().min(0),
  case: trainingCaseSchema,
});

/** Keeps the best step so far of one fixture's shrink on one engine, so that a shrink that was killed goes on from there. */
export class SavedShrink {
  readonly #file: SavedFile<z.infer<typeof savedSchema>>;

  /** @param folder Where the shrunk fixture will stand. */
  constructor(folder: string, fixture: Fixture, engine: Engine) {
    const of = [fixture.case, fixture.binary, fixture.expected.signature, engine.version];
    this.#file = new SavedFile(folder, "shrink", of, savedSchema);
  }

  /** Where the last one had come to; undefined where none was stopped, or what it left cannot be read. */
  read(): ResumedShrink | undefined {
    const saved = this.#file.read();
    if (saved === undefined) return undefined;
    const batch = openData(saved.case, { folder: "." }).batch(0);
    const step = onBatch({ case: saved.case, state: initialState(saved.case), batch }, batch);
    return { step, candidates: saved.candidates };
  }

  /** Takes in where the shrink stands; writes it down now and then. A step too large for JSON is soon made again. */
  keep({ best, candidates }: ShrinkProgress): void {
    if (candidates === 0 || !this.#file.isDue) return;
    const { case: testCase, binary } = stepCase(best.step);
    if (binary === undefined) this.#file.write({ schemaVersion: 1, candidates, case: testCase });
  }

  /** Takes away what was kept. */
  remove(): void {
    this.#file.remove();
  }
}
