import type { BookedCase } from "./booked.ts";
import type { KeeperOptions, KeptDeath } from "./keep/keeper.ts";
import type { FolderReplay } from "./resume/replayFolder.ts";
import type { WorkerEnd } from "./run/workers/end.ts";
import type { HuntSettings } from "./settings.ts";
import type { LostCase, Tally } from "./tally.ts";

/** Callbacks of a hunt, and the signal that ends it early. */
export interface HuntHooks {
  /** Once, when the folder's fixtures have been replayed: these, and the case to go on from. */
  onStart?: (start: { held: FolderReplay; from: number }) => void;
  /** After every case. */
  onCase?: (tally: Tally) => void;
  /** After every case, in their order, with what it was; before {@link onCase}. Each is made once more for it. */
  onBooked?: (booked: BookedCase) => void;
  /** Before each fixture of the folder is replayed, with how many were and how many there are. */
  onReplay?: (done: number, total: number) => void;
  onLost?: (lost: LostCase) => void;
  /** With the number of deaths that are being captured and made small, whenever it changes. */
  onCaptures?: (underWay: number) => void;
  /** Ends the hunt at once; deaths that are still being made small then are left to the hunt that goes on from there. */
  signal?: AbortSignal;
  /** Writes the findings of a death as soon as there are any, and returns their paths; by default into `out`, if it is given. */
  write?: KeeperOptions["write"];
  /** Seconds without a sign of life after which a worker counts as hanging (default 30). */
  hangSeconds?: number;
}

/** The result of a hunt. */
export interface HuntReport {
  /** `no-workers`: worker processes would not start. */
  status: "finished" | "interrupted" | "no-workers";
  settings: HuntSettings;
  tally: Tally;
  /** Everything kept, what the folder held before included. */
  failures: KeptDeath[];
  /** Deaths that were seen, and are neither kept nor left out yet: the same hunt, started again, goes on with them. */
  pending: number;
  stale: FolderReplay["stale"];
  /** The case that it went on from: 0, unless a hunt before it was cut short. */
  from: number;
  /** With a budget of so many cases the same is found again. */
  through: number;
  /** On the clock of performance.now(), when a worker first saw a death; null when none did. */
  firstDeathAt: number | null;
  casesPerSecond: number;
  /** The end of the last worker, where none would start. */
  workerEnd: WorkerEnd | null;
}
