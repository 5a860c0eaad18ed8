/**
 * The thread that trains, so that the command stays free for Ctrl-C and progress while a step takes
 * its seconds: with {@link TrainThreadData} in, {@link TrainEvent}s out.
 */
import { parentPort, workerData } from "node:worker_threads";
import { UsageError } from "../documents/errors.ts";
import { refusal, type TrainEvent } from "./trainJob.ts";
import { runTrainJob } from "./trainRun.ts";
import type { TrainThreadData } from "./trainThread.ts";

/** Milliseconds between two messages of progress. */
const PROGRESS_MS = 100;

const { job, stop } = workerData as TrainThreadData;
let sentAt = Number.NEGATIVE_INFINITY;
/** The last step taken, where it has not been sent. */
let unsent: TrainEvent | null = null;

function tell(event: TrainEvent): void {
  const isFrequent = event.kind === "stepped" || event.kind === "shrinking";
  if (isFrequent && performance.now() - sentAt < PROGRESS_MS) {
    unsent = event.kind === "stepped" ? event : unsent;
    return;
  }
  // The last progress comes before the event that follows it.
  if (!isFrequent && unsent !== null) parentPort?.postMessage(unsent);
  unsent = null;
  if (isFrequent) sentAt = performance.now();
  parentPort?.postMessage(event);
}

const signal = {
  get aborted() {
    return Atomics.load(stop, 0) !== 0;
  },
};

try {
  tell({ kind: "ended", report: await runTrainJob(job, tell, signal) });
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  tell({ kind: "refused", error: refusal(error) });
}
