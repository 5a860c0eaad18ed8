import type { BookedCase } from "./booked.ts";
import type { KeeperOptions, KeptFailure } from "./keep/keeper.ts";
import type { Held } from "./resume/held.ts";
import type { WorkerEnd } from "./run/workers/end.ts";
import type { HuntSettings } from "./settings.ts";
import type { LostCase, Tally } from "./tally.ts";

/** What a hunt tells while it goes on, and what ends it early. */
export interface HuntHooks {
  /** Once, when the folder's fixtures have been replayed: these, and the case to go on from. */
  onStart?: (start: { held: Held; from: number }) => void;
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
  /** Writes what came of a death as soon as there is something, and returns where; by default into `out`, if that is a folder. */
  write?: KeeperOptions["write"];
  /** Seconds without a sign of life after which a worker counts as hanging (default 30). */
  hangSeconds?: number;
}

/** What a hunt found. */
export interface HuntReport {
  /** `no-workers`: worker processes would not start. */
  status: "finished" | "interrupted" | "no-workers";
  settings: HuntSettings;
  tally: Tally;
  /** Everything kept, what the folder held before included. */
  failures: KeptFailure[];
  /** Deaths that were seen and that nothing has come of yet: the same hunt, started again, goes on with them. */
  pending: number;
  stale: Held["stale"];
  /** The case that it went on from: 0, unless a hunt before it was cut short. */
  from: number;
  /** With a budget of so many cases the same is found again. */
  through: number;
  /** On the clock of performance.now(), when a worker first saw a death; null when none did. */
  firstDeathAt: number | null;
  casesPerSecond: number;
  /** How the last worker ended, where none would start. */
  workerEnd: WorkerEnd | null;
}
