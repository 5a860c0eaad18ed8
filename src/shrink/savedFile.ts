import { basename, dirname, join } from "node:path";
import type * as z from "zod";
import { removeIfEmpty, removeIfPossible, savedNames } from "../documents/saved/savedFolder.ts";
import { readSaved, savedPath, writeSaved } from "../documents/saved/savedState.ts";
import { isLeftover } from "../documents/temporary.ts";

/** Milliseconds between two writes. */
const SAVE_MS = 250;

/** What one shrink has come to, in `.nanproof/` of a folder, so that one that was killed can be gone on with. */
export class SavedFile<T> {
  readonly #folder: string;
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  #written = performance.now();

  /**
   * @param folder Where the shrunk fixture will stand.
   * @param kind What the file's name begins with.
   * @param of All that the shrink depends on: another shrink has another file.
   */
  constructor(folder: string, kind: string, of: unknown, schema: z.ZodType<T>) {
    this.#folder = folder;
    this.#path = savedPath(folder, kind, of);
    this.#schema = schema;
  }

  /**
   * What was kept last; undefined where nothing was.
   * @throws UsageError when what stands there is not what was kept.
   */
  read(): T | undefined {
    return readSaved(this.#path, this.#schema) ?? undefined;
  }

  /** Whether the last write was long enough ago. */
  get isDue(): boolean {
    return performance.now() - this.#written >= SAVE_MS;
  }

  /**
   * Writes it down.
   * @throws UsageError when it cannot be written.
   */
  write(value: T): void {
    writeSaved(this.#path, value);
    this.#written = performance.now();
  }

  /**
   * Takes away what was kept, and what a killed one left half-written; a file that cannot be taken away stays.
   * @throws UsageError when something else stands in the place of the folder.
   */
  remove(): void {
    const place = dirname(this.#path);
    for (const file of savedNames(this.#folder))
      if (file === basename(this.#path) || isLeftover(file)) removeIfPossible(join(place, file));
    removeIfEmpty(place);
  }
}
