import * as z from "zod";
import type { Fixture } from "../fixtures/schema.ts";
import type { Diagnosis } from "../programs/death.ts";
import type { Host } from "../programs/program.ts";
import type { ResumedShrink } from "./resume.ts";
import { SavedFile } from "./savedFile.ts";
import type { ShrinkProgress } from "./shrinkStep.ts";

interface Saved {
  schemaVersion: 1;
  candidates: number;
  case: unknown;
  /** The file beside it, in base64. */
  binary?: string | undefined;
}

/** Larger files are not kept: what they were made from is soon made again. */
const MOST_BYTES = 8 * 2 ** 20;

/** Keeps the best step so far of one fixture's shrink on one host, so that a shrink that was killed goes on from there. */
export class SavedShrink<Step, D extends Diagnosis> {
  readonly #file: SavedFile<Saved>;
  readonly #host: Host<unknown, Step, D>;

  /** @param folder The folder of the shrunk fixture. */
  constructor(folder: string, fixture: Fixture, host: Host<unknown, Step, D>) {
    this.#host = host;
    const of = [fixture.case, fixture.binary, fixture.expected.signature, host.version];
    const schema = z.strictObject({
      schemaVersion: z.literal(1),
      candidates: z.int().min(0),
      case: host.program.caseSchema,
      binary: z.base64().optional(),
    });
    this.#file = new SavedFile(folder, "shrink", of, schema);
  }

  /** Reads the point that the last shrink had reached; undefined where none was stopped. */
  read(): ResumedShrink<Step> | undefined {
    const saved = this.#file.read();
    if (saved === undefined) return undefined;
    const binary =
      saved.binary === undefined ? undefined : new Uint8Array(Buffer.from(saved.binary, "base64"));
    return { step: this.#host.program.stepOfCase(saved.case, binary), candidates: saved.candidates };
  }

  /**
   * Takes in the progress of the shrink; writes it down now and then. A step too large to keep is soon made again.
   * @returns True where it has been written down.
   */
  keep({ best, candidates }: ShrinkProgress<Step, D>): boolean {
    if (candidates === 0 || !this.#file.isDue) return false;
    const { program } = this.#host;
    const { case: testCase, binary } = program.stepCase(best.step);
    // Of the LSTM only a large step has a file.
    if (binary !== undefined && (!program.fixtureParts.isOfFile || binary.length > MOST_BYTES)) return false;
    const beside = binary && { binary: Buffer.from(binary).toString("base64") };
    this.#file.write({ schemaVersion: 1, candidates, case: testCase, ...beside });
    return true;
  }

  /** Removes what was kept. */
  remove(): void {
    this.#file.remove();
  }
}
