import { SHARE_ENV, Worker } from "node:worker_threads";
import { UsageError } from "../documents/errors.ts";
import { packageFile } from "../package.ts";
import type { TrainReport } from "../reporters/train.ts";
import type { TrainEvent, TrainJob } from "./trainJob.ts";

/** Data that the thread is started with. */
export interface TrainThreadData {
  job: TrainJob;
  /** Not 0 once the run shall end after the step at hand. */
  stop: Int32Array;
}

/** A training run in a thread of its own. */
export interface TrainThread {
  /** The report at its end. @throws UsageError as `runTrainJob` does. */
  report: Promise<TrainReport>;
  /** Ends it after the step at hand. */
  stop(): void;
  /** Ends it at once, without a report. */
  terminate(): Promise<void>;
}

/** Starts to train. `onEvent` is called with every event but `ended` and `refused`. */
export function startTraining(job: TrainJob, onEvent: (event: TrainEvent) => void): TrainThread {
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(packageFile("dist/training/trainWorker.js"), {
    workerData: { job, stop } satisfies TrainThreadData,
    // TensorFlow reads the process's environment, which a thread with its own copy cannot set for it.
    env: SHARE_ENV,
  });
  const report = new Promise<TrainReport>((resolve, reject) => {
    worker.on("message", (event: TrainEvent) => {
      if (event.kind === "ended") resolve(event.report);
      else if (event.kind === "refused")
        reject(new UsageError(event.error.code, event.error.message, event.error.hint));
      else onEvent(event);
    });
    worker.on("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? outOfMemory() : error),
    );
    worker.on("exit", (code) => reject(new Error(`the training thread ended with ${code} and no report`)));
  });
  return {
    report,
    stop: () => {
      Atomics.store(stop, 0, 1);
    },
    terminate: async () => {
      await worker.terminate();
    },
  };
}

function outOfMemory(): UsageError {
  return new UsageError(
    "NANPROOF_E_MEMORY",
    "the run needs more memory than Node may use",
    "read less of the text (--sentences, --vocabulary), or let Node use more: NODE_OPTIONS=--max-old-space-size=8192",
  );
}
