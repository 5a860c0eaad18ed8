import type { Fixture } from "../fixtures/schema.ts";
import type { EngineName } from "../training/engine.ts";
import type { CaseRef } from "./tasks.ts";

/** A fixture that is not on disk yet. */
interface Finding {
  fixture: Fixture;
  binary?: Uint8Array;
}

/** A failure that is kept. */
export interface KeptFailure {
  signature: string;
  /** Where it was written; null for a hunt that writes nothing. */
  path: string | null;
  fixture: Fixture;
  /** Whether the confirming engine dies of it the same way. */
  confirmed: boolean;
}

/** What a keeper keeps, and how. */
export interface KeeperOptions {
  /** Confirmed failures of a signature that are kept. */
  keep: number;
  confirm: EngineName;
  /** Writes a finding. */
  write: (finding: Finding) => string | null;
  /** What was kept by hunts before. */
  held: readonly KeptFailure[];
}

/** Deaths of a signature that are captured over and above those kept: some turn out not to be confirmed. */
const SPARE_CAPTURES = 8;

/** The failures of one signature. */
interface Signature {
  kept: KeptFailure[];
  /** Deaths not yet captured, by index. */
  waiting: CaseRef[];
  /** Deaths being captured. */
  out: CaseRef[];
  captures: number;
}

/**
 * Decides which deaths become fixtures: of every signature the first ones, in the order of their cases.
 * Which of them are captured at the same time, and which capture is done first, changes nothing.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #signatures = new Map<string, Signature>();
  /** Other bugs, met while a death was made small, with the index of its case. */
  readonly #strays: { index: number; finding: Finding }[] = [];

  constructor(options: KeeperOptions) {
    this.#options = options;
    for (const failure of options.held) this.#of(failure.signature).kept.push(failure);
  }

  /** Takes a death; deaths come in the order of their cases. */
  offer(ref: CaseRef, signature: string): void {
    const known = this.#of(signature);
    const { keep } = this.#options;
    const enough =
      this.#confirmed(known) >= keep || known.captures + known.waiting.length >= keep + SPARE_CAPTURES;
    if (!enough) known.waiting.push(ref);
  }

  /** The next death to capture; null when there is none for now. */
  nextCapture(): { ref: CaseRef; signature: string } | null {
    for (const [signature, known] of this.#signatures) {
      if (this.#confirmed(known) + known.out.length >= this.#options.keep) continue;
      const ref = known.waiting.shift();
      if (ref === undefined) continue;
      known.out.push(ref);
      known.captures += 1;
      return { ref, signature };
    }
    return null;
  }

  /** Takes what capturing a death gave; nothing, where it could not be captured. */
  settle({ index }: CaseRef, signature: string, findings: readonly Finding[]): void {
    const known = this.#of(signature);
    known.out = known.out.filter((ref) => ref.index !== index);
    for (const finding of findings)
      if (finding.fixture.expected.signature === signature) this.#keep(finding);
      else this.#strays.push({ index, finding });
    if (this.#confirmed(known) >= this.#options.keep) known.waiting = [];
  }

  /** Takes a death back that could not be captured for now. */
  postpone(ref: CaseRef, signature: string): void {
    const known = this.#of(signature);
    known.out = known.out.filter(({ index }) => index !== ref.index);
    known.waiting = [ref, ...known.waiting].sort((a, b) => a.index - b.index);
  }

  /** Deaths not captured yet, in the order of their cases. */
  pending(): { ref: CaseRef; signature: string }[] {
    return [...this.#signatures]
      .flatMap(([signature, { waiting, out }]) => [...out, ...waiting].map((ref) => ({ ref, signature })))
      .sort((a, b) => a.ref.index - b.ref.index);
  }

  /** Every failure kept, by signature and file name. Strays count where a signature has room left for them. */
  finish(): KeptFailure[] {
    for (const { finding } of this.#strays.splice(0).sort((a, b) => a.index - b.index))
      if (this.#confirmed(this.#of(finding.fixture.expected.signature)) < this.#options.keep)
        this.#keep(finding);
    const key = ({ signature, path }: KeptFailure) => `${signature} ${path ?? ""}`;
    return [...this.#signatures.values()]
      .flatMap(({ kept }) => kept)
      .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  #keep(finding: Finding): void {
    const { signature, reproducesOn } = finding.fixture.expected;
    const { kept } = this.#of(signature);
    const confirmed = reproducesOn.includes(this.#options.confirm);
    if (!confirmed && kept.filter((failure) => !failure.confirmed).length >= this.#options.keep) return;
    const path = this.#options.write(finding);
    // The same finding is the same file: one that an interrupted hunt has written already.
    if (path !== null && kept.some((failure) => failure.path === path)) return;
    kept.push({ signature, path, fixture: finding.fixture, confirmed });
  }

  #confirmed({ kept }: Signature): number {
    return kept.filter(({ confirmed }) => confirmed).length;
  }

  #of(signature: string): Signature {
    const known = this.#signatures.get(signature) ?? { kept: [], waiting: [], out: [], captures: 0 };
    this.#signatures.set(signature, known);
    return known;
  }
}
