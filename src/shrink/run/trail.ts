import * as z from "zod";
import type { Host } from "../../programs/program.ts";
import { SavedFile } from "../savedFile.ts";

const trailSchema = <Case>(caseSchema: z.ZodType<Case>) =>
  z.strictObject({
    schemaVersion: z.literal(1),
    candidates: z.int().min(0),
    accepted: z.array(z.strictObject({ candidate: z.int().min(1), steps: z.int().min(1) })),
    best: caseSchema,
  });

/**
 * The runs that a search for the smallest run has tried. The next case depends on nothing but what was accepted, so that
 * another search goes the same way without the runs, and on from there to the same end.
 */
export interface Trail<Case = unknown> {
  /** Runs started. */
  candidates: number;
  /** Those that became the best, in their order: the number of each, from 1, and the step it died at. */
  accepted: readonly { candidate: number; steps: number }[];
  /** The last of them; the start where there is none. */
  best: Case;
}

/** Keeps the trail of one run's shrink on one engine, so that a shrink that was killed goes on where it was. */
export class SavedTrail<Case> {
  readonly #file: SavedFile<Trail<Case> & { schemaVersion: 1 }>;

  /**
   * @param folder The folder of the shrunk fixture.
   * @param run The run that is made smaller.
   */
  constructor(folder: string, run: Case, { version, program }: Host<Case>) {
    this.#file = new SavedFile(folder, "shrink-run", [run, version], trailSchema(program.caseSchema));
  }

  /** Reads the trail of the last one; undefined where none was stopped. */
  read(): Trail<Case> | undefined {
    return this.#file.read();
  }

  /**
   * Takes in the trail so far; writes it down now and then.
   * @returns True where it has been written down.
   */
  keep(trail: Trail<Case>): boolean {
    if (!this.#file.isDue) return false;
    this.#file.write({ schemaVersion: 1, ...trail, accepted: [...trail.accepted] });
    return true;
  }

  /** Removes what was kept. */
  remove(): void {
    this.#file.remove();
  }
}
