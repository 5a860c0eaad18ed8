import { existsSync } from "node:fs";
import type { UsageError } from "../documents/errors.ts";
import { isUnwritten } from "../documents/writeWhole.ts";
import type { Fixture } from "../fixtures/schema.ts";
import { fixturePath, removeFixture, writeFixture } from "../fixtures/store.ts";
import type { Finding } from "./finding.ts";

/** A finding and where it is on disk. */
export interface Written {
  path: string;
  finding: Finding;
}

/** The fixture of a death that is on disk until a better one is. */
export class Draft {
  readonly #folder: string;
  readonly #onUnwritten: (error: UsageError) => void;
  #written: Written | null = null;
  /** True where it was there before, and is not ours to touch. */
  #isOlder = false;

  /** @param onUnwritten Called for each fixture that the disk does not take. */
  constructor(folder: string, onUnwritten: (error: UsageError) => void) {
    this.#folder = folder;
    this.#onUnwritten = onUnwritten;
  }

  /**
   * Writes a better one, then removes the one before it; where the better one cannot be written, that one stays.
   * @returns The one that is on disk now; null for none.
   */
  write(finding: Finding): Written | null {
    const path = fixturePath(this.#folder, finding.fixture, finding.binary);
    const isOlder = path === this.#written?.path ? this.#isOlder : existsSync(path);
    if (!isOlder && writtenIfRoom(this.#folder, finding, this.#onUnwritten) === null) return this.#written;
    this.leaveTo(path);
    this.#written = { path, finding };
    this.#isOlder = isOlder;
    return this.#written;
  }

  /** Removes it for a better one that has been written, unless it is that one itself, or older than this run. */
  leaveTo(better: string | null): void {
    if (this.#written === null || this.#isOlder || this.#written.path === better) return;
    removeFixture(this.#written.path);
    this.#written = null;
  }
}

/** Writes a fixture and returns its path; null where it cannot be written, which `onUnwritten` reports. */
export function writtenIfRoom(
  folder: string,
  { fixture, binary }: { fixture: Fixture; binary?: Uint8Array },
  onUnwritten: (error: UsageError) => void,
): string | null {
  try {
    return writeFixture(folder, fixture, binary);
  } catch (error) {
    if (!isUnwritten(error)) throw error;
    onUnwritten(error);
    return null;
  }
}
