import { basename } from "node:path";
import type { Fixture } from "../../fixtures/schema.ts";
import { fixturePath } from "../../fixtures/store.ts";
import type { CaseRef } from "../../programs/generating.ts";
import type { LostCase } from "../tally.ts";

/** A fixture that is not on disk yet. */
interface Finding {
  fixture: Fixture;
  binary?: Uint8Array;
}

/** A finding, and the name that its contents give its file: the same finding has the same name. */
export interface NamedFinding extends Finding {
  name: string;
}

/** A death that is kept as a fixture. */
export interface KeptDeath {
  signature: string;
  /** The file that it was written to; null for a hunt that writes nothing. */
  path: string | null;
  /** See {@link NamedFinding}. */
  name: string;
  fixture: Fixture;
  /** True where it dies the same way on the confirming engine. */
  confirmed: boolean;
}

/** A death that was seen, and is neither kept nor left out yet. */
export interface PendingDeath {
  ref: CaseRef;
  signature: string;
}

/** The result of capturing a death. */
export type CaptureResult =
  /** Nothing, where it did not die by itself. */
  { kind: "findings"; findings: readonly Finding[] } | { kind: "lost"; end: LostCase["end"] };

/** The settings of a keeper, and its callbacks. */
export interface KeeperOptions {
  /** Confirmed deaths of a signature that are kept. */
  keep: number;
  confirm: string;
  /** Deaths that earlier hunts kept. */
  earlier: readonly KeptDeath[];
  /** Deaths that an interrupted hunt left, in the order of their cases. */
  pending: readonly PendingDeath[];
  /** Writes the findings of one death, which is still pending then. @returns The path of each; null where nothing is written. */
  write: (findings: readonly NamedFinding[]) => (string | null)[];
  /** Called with a death that is pending no more because its capture was lost. */
  onLost: (lost: LostCase) => void;
}

/** Deaths of a signature that are captured over and above those kept: some turn out not to be confirmed. */
const SPARE_CAPTURES = 8;

/** A pending death, and how far its capture has come. */
interface StagedDeath extends PendingDeath {
  stage: "waiting" | "out" | CaptureResult;
}

const NOTHING: readonly Finding[] = [];

/**
 * Decides which deaths become fixtures. The deaths are gone through in the order of their cases; each is captured
 * where its signature has room, and its findings are kept, other bugs that were met meanwhile included, as far as
 * their signatures have room. Captures run at the same time and ahead of that order, but are only kept in it, and so
 * are those that were lost: a death is pending until it is booked, and then no more. So what is kept depends neither on the
 * number of workers nor on where a hunt was interrupted.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #kept: KeptDeath[];
  /** Deaths that are neither kept nor left out yet, in the order of their cases. */
  readonly #pending: StagedDeath[];

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#kept = [...options.earlier];
    this.#pending = options.pending.map((death) => ({ ...death, stage: "waiting" }));
    this.#keepInOrder();
  }

  /**
   * Takes a death; deaths come in the order of their cases.
   * @param earlier Deaths of its signature that the hunt has seen before it.
   */
  offer(ref: CaseRef, signature: string, earlier: number): void {
    const isSpare = earlier >= this.#options.keep + SPARE_CAPTURES;
    if (isSpare || this.#isFull(signature)) return;
    this.#pending.push({ ref, signature, stage: "waiting" });
  }

  /** The next death to capture; null when there is none for now. */
  nextCapture(): CaseRef | null {
    const hoped = new Map<string, number>();
    for (const death of this.#pending) {
      const { signature, stage } = death;
      const confirmed = hoped.get(signature) ?? this.#confirmed(signature);
      if (stage === "waiting" && confirmed < this.#options.keep) {
        death.stage = "out";
        return death.ref;
      }
      if (stage === "out" || findingsOf(stage).some((finding) => this.#isConfirmed(finding, signature)))
        hoped.set(signature, confirmed + 1);
    }
    return null;
  }

  /** Takes the result of capturing the death of a case. */
  settle(index: number, result: CaptureResult): void {
    const death = this.#pending.find(({ ref }) => ref.index === index);
    if (death === undefined) return;
    death.stage = result;
    this.#keepInOrder();
  }

  /** Takes a death back that could not be captured for now. */
  postpone(index: number): void {
    const death = this.#pending.find(({ ref }) => ref.index === index);
    if (death !== undefined) death.stage = "waiting";
  }

  /** The number of deaths that are being captured. */
  get underWay(): number {
    return this.#pending.filter(({ stage }) => stage === "out").length;
  }

  /** Deaths that are neither kept nor left out yet, in the order of their cases. */
  pending(): PendingDeath[] {
    return this.#pending.map(({ ref, signature }) => ({ ref, signature }));
  }

  /** Every death kept, by signature and file name. */
  deaths(): KeptDeath[] {
    const key = ({ signature, path }: KeptDeath) => `${signature} ${path ?? ""}`;
    return [...this.#kept].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  #keepInOrder(): void {
    for (let first = this.#pending[0]; first !== undefined; first = this.#pending[0]) {
      const { ref, stage, signature } = first;
      const isWanted = !this.#isFull(signature);
      if (isWanted && typeof stage === "string") return;
      if (isWanted) this.#keep(findingsOf(stage));
      this.#pending.shift();
      if (isWanted && typeof stage === "object" && stage.kind === "lost")
        this.#options.onLost({ index: ref.index, during: "capture", end: stage.end });
    }
  }

  #keep(findings: readonly Finding[]): void {
    const fresh: { finding: NamedFinding; kept: KeptDeath }[] = [];
    for (const { fixture, binary } of findings) {
      const { signature, reproducesOn } = fixture.expected;
      const name = basename(fixturePath("", fixture, binary));
      const confirmed = reproducesOn.some((name) => name === this.#options.confirm);
      if (this.#kept.some((other) => other.name === name) || !this.#hasRoom(signature, confirmed)) continue;
      const kept: KeptDeath = { signature, path: null, name, fixture, confirmed };
      this.#kept.push(kept);
      fresh.push({ kept, finding: { name, fixture, ...(binary && { binary }) } });
    }
    if (fresh.length === 0) return;
    const paths = this.#options.write(fresh.map(({ finding }) => finding));
    fresh.forEach(({ kept }, i) => {
      kept.path = paths[i] ?? null;
    });
  }

  /** Of deaths that nothing confirms, as many are kept as of confirmed ones. */
  #hasRoom(signature: string, confirmed: boolean): boolean {
    const alike = this.#kept.filter((kept) => kept.signature === signature && kept.confirmed === confirmed);
    return !this.#isFull(signature) && alike.length < this.#options.keep;
  }

  #isFull(signature: string): boolean {
    return this.#confirmed(signature) >= this.#options.keep;
  }

  #confirmed(signature: string): number {
    return this.#kept.filter((kept) => kept.signature === signature && kept.confirmed).length;
  }

  #isConfirmed({ fixture: { expected } }: Finding, signature: string): boolean {
    return (
      expected.signature === signature && expected.reproducesOn.some((name) => name === this.#options.confirm)
    );
  }
}

function findingsOf(stage: StagedDeath["stage"]): readonly Finding[] {
  return typeof stage === "object" && stage.kind === "findings" ? stage.findings : NOTHING;
}
