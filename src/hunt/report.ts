import type { KeptDeath } from "./keep/keeper.ts";
import type { FolderReplay } from "./resume/replayFolder.ts";
import type { WorkerEnd } from "./run/workers/end.ts";
import type { HuntSettings } from "./settings.ts";
import type { Tally } from "./tally.ts";

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
