import { existsSync } from "node:fs";
import { fixturePath, removeFixture, writeFixture } from "../fixtures/store.ts";
import type { Finding } from "../shrink/finding.ts";

/** A fixture that stands on disk until a better one does. */
export class Draft {
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
