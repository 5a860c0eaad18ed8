import { basename, dirname, join } from "node:path";
import type * as z from "zod";
import { removeIfEmpty, removeIfPossible, savedNames } from "../documents/saved/savedFolder.ts";
import { readSaved, savedPath, writeSaved } from "../documents/saved/savedState.ts";
import { isLeftover } from "../documents/temporary.ts";

/** Milliseconds between two writes. */
const SAVE_MS = 250;

/** The progress of one shrink, in `.nanproof/` of a folder, so that the next goes on where this one was killed. */
export class SavedFile<T> {
  readonly #folder: string;
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  #written = performance.now();

  /**
   * @param folder The folder of the shrunk fixture.
   * @param kind The beginning of the file's name.
   * @param of All that the shrink depends on: another shrink has another file.
   */
  constructor(folder: string, kind: string, of: unknown, schema: z.ZodType<T>) {
    this.#folder = folder;
    this.#path = savedPath(folder, kind, of);
    this.#schema = schema;
  }

  /**
   * Reads what was kept last; undefined where nothing was.
   * @throws UsageError when the file is not what was kept.
   */
  read(): T | undefined {
    return readSaved(this.#path, this.#schema) ?? undefined;
  }

  /** True where the last write was long enough ago. */
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
   * Removes what was kept, and what a killed shrink left half-written; a file that cannot be removed stays.
   * @throws UsageError when something else has the folder's name.
   */
  remove(): void {
    const place = dirname(this.#path);
    for (const file of savedNames(this.#folder))
      if (file === basename(this.#path) || isLeftover(file)) removeIfPossible(join(place, file));
    removeIfEmpty(place);
  }
}
