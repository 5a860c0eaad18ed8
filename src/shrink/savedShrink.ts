import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sync as writeFileAtomic } from "write-file-atomic";
import * as z from "zod";
import { openData } from "../cases/data.ts";
import { initialState } from "../cases/state.ts";
import { trainingCaseSchema } from "../cases/trainingCase.ts";
import { type CapturedStep, stepCase } from "../fixtures/capture.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { Engine } from "../training/engine.ts";
import { onBatch } from "./edits/batch.ts";
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

/** Milliseconds between two writes. */
const SAVE_MS = 250;

/**
 * Keeps the best step so far of one fixture's shrink on one engine in `.nanproof/` of a folder, so that a shrink that
 * was killed goes on from there. Written to a temporary file that is then renamed.
 */
export class SavedShrink {
  readonly #folder: string;
  readonly #name: string;
  #written = performance.now();

  /** @param folder Where the shrunk fixture will stand. */
  constructor(folder: string, fixture: Fixture, engine: Engine) {
    const key = JSON.stringify([fixture.case, fixture.binary, fixture.expected.signature, engine.version]);
    this.#folder = join(folder, ".nanproof");
    this.#name = `shrink-${createHash("sha256").update(key).digest("hex").slice(0, 12)}.json`;
  }

  /** Where the last one had come to; undefined where none was stopped, or what it left cannot be read. */
  read(): ResumedShrink | undefined {
    const path = join(this.#folder, this.#name);
    if (!existsSync(path)) return undefined;
    const saved = parsed(readFileSync(path, "utf8"));
    if (saved === undefined) return undefined;
    const batch = openData(saved.case, { folder: "." }).batch(0);
    const step = onBatch({ case: saved.case, state: initialState(saved.case), batch }, batch);
    return { step, candidates: saved.candidates };
  }

  /** Takes in where the shrink stands; writes it down now and then. A step too large for JSON is soon made again. */
  keep({ best, candidates }: ShrinkProgress): void {
    if (candidates === 0 || performance.now() - this.#written < SAVE_MS) return;
    const { case: testCase, binary } = stepCase(best.step);
    if (binary !== undefined) return;
    mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, this.#name);
    writeFileAtomic(path, JSON.stringify({ schemaVersion: 1, candidates, case: testCase }));
    this.#written = performance.now();
  }

  /** Takes away what was kept, and what a killed one left half-written. */
  remove(): void {
    if (!existsSync(this.#folder)) return;
    for (const file of readdirSync(this.#folder))
      if (file.startsWith(this.#name)) rmSync(join(this.#folder, file), { force: true });
    if (readdirSync(this.#folder).length === 0) rmdirSync(this.#folder);
  }
}

function parsed(text: string): z.infer<typeof savedSchema> | undefined {
  try {
    return savedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
