/**
 * The thread that trains, so that the command stays free for Ctrl-C and progress while a step takes
 * its seconds: with {@link TrainThreadData} in, {@link TrainEvent}s out.
 */
import { parentPort, workerData } from "node:worker_threads";
import { UsageError } from "../documents/errors.ts";
import { refusal, type TrainEvent } from "./trainJob.ts";
import { runTrainJob } from "./trainRun.ts";
import type { TrainThreadData } from "./trainThread.ts";

/** Milliseconds between two tellings of progress. */
const TELL_MS = 100;

const { job, stop } = workerData as TrainThreadData;
let told = Number.NEGATIVE_INFINITY;
/** The last step taken, where it has not been told. */
let untold: TrainEvent | null = null;

function tell(event: TrainEvent): void {
  const isFrequent = event.kind === "stepped" || event.kind === "shrinking";
  if (isFrequent && performance.now() - told < TELL_MS) {
    untold = event.kind === "stepped" ? event : untold;
    return;
  }
  // The last progress comes before the event that follows it.
  if (!isFrequent && untold !== null) parentPort?.postMessage(untold);
  untold = null;
  if (isFrequent) told = performance.now();
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
