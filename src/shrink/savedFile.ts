import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import { isLeftover } from "../fixtures/temporary.ts";
import { removeEmptyFolder, removeFile, writeWhole } from "../fixtures/writeWhole.ts";

/** Milliseconds between two writes. */
const SAVE_MS = 250;

/**
 * What one shrink has come to, in `.nanproof/` of a folder, so that one that was killed can be gone on with.
 */
export class SavedFile<T> {
  readonly #folder: string;
  readonly #name: string;
  readonly #schema: z.ZodType<T>;
  #written = performance.now();

  /**
   * @param folder Where the shrunk fixture will stand.
   * @param kind What the file's name begins with.
   * @param of All that the shrink depends on: another shrink has another file.
   */
  constructor(folder: string, kind: string, of: unknown, schema: z.ZodType<T>) {
    this.#folder = join(folder, ".nanproof");
    this.#name = `${kind}-${createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 12)}.json`;
    this.#schema = schema;
  }

  /** What was kept last; undefined where nothing was, or it cannot be read. */
  read(): T | undefined {
    const path = join(this.#folder, this.#name);
    if (!existsSync(path)) return undefined;
    try {
      return this.#schema.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
    } catch {
      return undefined;
    }
  }

  /** Whether the last write was long enough ago. */
  get isDue(): boolean {
    return performance.now() - this.#written >= SAVE_MS;
  }

  /**
   * Writes it down.
   * @throws UsageError with path and reason when it cannot be written; what was kept last is as it was then.
   */
  write(value: T): void {
    writeWhole(join(this.#folder, this.#name), JSON.stringify(value));
    this.#written = performance.now();
  }

  /**
   * Takes away what was kept, and what a killed one left half-written.
   * @throws UsageError with path and reason when it stays.
   */
  remove(): void {
    if (!existsSync(this.#folder)) return;
    for (const file of readdirSync(this.#folder))
      if (file === this.#name || isLeftover(file)) removeFile(join(this.#folder, file));
    removeEmptyFolder(this.#folder);
  }
}
