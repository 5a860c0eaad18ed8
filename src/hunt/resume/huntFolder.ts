import { writeSaved } from "../../documents/saved/savedState.ts";
import { writeFixture } from "../../fixtures/store.ts";
import type { Host } from "../../programs/program.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { NamedFinding } from "../keep/keeper.ts";
import { type HuntSettings, sameHunt } from "../settings.ts";
import { emptyTally } from "../tally.ts";
import { removeLeftovers } from "./leftovers.ts";
import { lockFolder } from "./lock.ts";
import { type HuntProgress, progressPath, readProgress } from "./progressFile.ts";
import { type FolderReplay, replayFolder } from "./replayFolder.ts";

/** Milliseconds between two saves of progress, at least. */
const SAVE_MS = 500;

/** The progress of a hunt, but for the fixtures that are being written. */
type Progress = Omit<HuntProgress, "writing" | "strategy"> & { strategy: unknown };

/** The state of an open folder. */
interface FolderState {
  file: string | null;
  from: HuntProgress;
  replay: FolderReplay;
  release: () => void;
  clock: Clock;
}

/** Options of {@link HuntFolder.open}. */
interface FolderHooks {
  signal?: AbortSignal | undefined;
  /** Before each fixture is replayed, with how many were and how many there are. */
  onReplay?: ((done: number, total: number) => void) | undefined;
  clock?: Clock;
}

/** The folder of a hunt while it works there, and no other does. A hunt that writes nothing has one that holds nothing. */
export class HuntFolder {
  readonly replay: FolderReplay;
  /** The progress to go on from: that of an earlier hunt, if there was one and it left something to do; else the start. */
  readonly from: HuntProgress;
  readonly #out: string | null;
  readonly #file: string | null;
  readonly #release: () => void;
  #writing: string[];
  readonly #clock: Clock;
  #saved: number;

  private constructor(out: string | null, { file, from, replay, release, clock }: FolderState) {
    this.#out = out;
    this.#file = file;
    this.#release = release;
    this.#writing = from.writing;
    this.#clock = clock;
    this.#saved = clock.now();
    this.from = from;
    this.replay = replay;
  }

  /**
   * Locks the folder and replays its fixtures.
   * @throws UsageError when another hunt works there, a JSON file in it is no fixture, or its progress cannot be read.
   */
  static async open(
    settings: HuntSettings,
    engine: Host,
    { signal, onReplay, clock = systemClock }: FolderHooks = {},
  ): Promise<HuntFolder> {
    const { out, confirm } = settings;
    if (out === null) {
      const replay: FolderReplay = { failures: [], stale: [], notReplayed: [] };
      return new HuntFolder(null, { file: null, from: beginning(), replay, release: () => {}, clock });
    }
    const release = lockFolder(out);
    try {
      removeLeftovers(out);
      const { file, from } = goOnFrom(out, settings, engine);
      const replay = await replayFolder(out, {
        engine,
        confirm: confirm.name,
        except: from.writing,
        signal,
        onReplay,
      });
      return new HuntFolder(out, { file, from, replay, release, clock });
    } catch (error) {
      release();
      throw error;
    }
  }

  /** True where a later hunt can go on from here. */
  get isKept(): boolean {
    return this.#file !== null;
  }

  /**
   * Writes the findings of one death. Their names are saved beforehand: where the hunt is killed in the midst of it, the
   * next one writes them again, and takes none of them for an earlier finding.
   * @returns The path of each; null where nothing is written.
   */
  write(findings: readonly NamedFinding[], progress: Progress): (string | null)[] {
    const out = this.#out;
    if (out === null) return findings.map(() => null);
    this.#writing = findings.map(({ name }) => name);
    this.save(progress);
    const paths = findings.map(({ fixture, binary }) => writeFixture(out, fixture, binary));
    this.#writing = [];
    return paths;
  }

  /** Saves the hunt's progress, unless that was done just now. */
  saveNowAndThen(progress: () => Progress): void {
    if (this.#clock.now() - this.#saved >= SAVE_MS) this.save(progress());
  }

  /** Saves the hunt's progress. */
  save({ next, tally, pending, strategy }: Progress): void {
    if (this.#file === null) return;
    writeSaved(this.#file, { next, tally, pending, writing: this.#writing, strategy });
    this.#saved = this.#clock.now();
  }

  /** Lets others hunt there. */
  close(): void {
    this.#release();
  }
}

function goOnFrom(out: string, settings: HuntSettings, engine: Host): { file: string; from: HuntProgress } {
  const { budget, strategy } = settings;
  const same = sameHunt(settings, engine);
  const { caseSchema } = engine.program;
  let file = progressPath(out, same);
  let saved = readProgress(file, strategy, caseSchema);
  if (saved !== null && budget.kind === "cases" && saved.next > budget.cases) {
    // A hunt of fewer cases leaves what the longer one has still to do alone.
    file = progressPath(out, [same, budget.cases]);
    saved = readProgress(file, strategy, caseSchema);
  }
  const hasMore =
    saved !== null && (budget.kind === "time" || saved.next < budget.cases || saved.pending.length > 0);
  return { file, from: saved !== null && hasMore ? saved : beginning() };
}

function beginning(): HuntProgress {
  return { next: 0, tally: emptyTally(), pending: [], writing: [], strategy: null };
}
