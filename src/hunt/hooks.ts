import type { BookedCase } from "./booked.ts";
import type { KeeperOptions } from "./keep/keeper.ts";
import type { FolderReplay } from "./resume/replayFolder.ts";
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
