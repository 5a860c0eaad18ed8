import { UsageError } from "../documents/errors.ts";
import { LIMITS } from "../documents/limits.ts";
import { Draft } from "../findings/draft.ts";
import { askedInvariants } from "../invariants/asked.ts";
import type { DataSource } from "../programs/lstm/cases/batch.ts";
import { asRead, openData } from "../programs/lstm/cases/data.ts";
import { initialState } from "../programs/lstm/cases/state.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { train } from "../programs/lstm/engines/train.ts";
import type { StopSignal } from "../programs/run.ts";
import { shrinkLine } from "../reporters/shrinkProgress.ts";
import type { TrainReport } from "../reporters/train.ts";
import { captureDeath, keepStep } from "./captureDeath.ts";
import { Epochs } from "./epochs.ts";
import { RunEvents } from "./runEvents.ts";
import { TrainAlarm } from "./trainAlarm.ts";
import { refusal, type TrainEvent, type TrainJob } from "./trainJob.ts";

/** Records that a report is made of: the last step and the one before it. */
const REPORTED_RECORDS = 2;

/**
 * Trains as the job says and captures the run if it dies.
 * @throws UsageError when text or embedding cannot be read, the engine cannot run the case, or an event file
 * cannot be written.
 */
export async function runTrainJob(
  job: TrainJob,
  tell: (event: TrainEvent) => void,
  stop: StopSignal,
): Promise<TrainReport> {
  const data = openData(job.testCase, { folder: job.folder });
  const testCase = { ...asRead(job.testCase, data), steps: stepsOf(job, data) };
  const invariants = await askedInvariants(job.invariants);
  const engine = { ...(await openEngine(job.engine)), invariants };
  const { description, text } = data;
  tell({ kind: "opened", description, engine: engine.name, steps: testCase.steps, ...(text && { text }) });
  const training = engine.start(testCase, initialState(testCase));
  const onUnwritten = (error: UsageError) => tell({ kind: "unwritten", error: refusal(error) });
  const alarm = new TrainAlarm(job, (alarmed) => tell({ kind: "alarm", alarmed }));
  const events = new RunEvents(job.tensorboard, onUnwritten);
  try {
    const epochs = new Epochs(data, Math.ceil(testCase.steps / data.batchesPerEpoch), stop);
    const run = { engine, testCase, training, data };
    const draft = new Draft(job.out, onUnwritten);
    const trajectory = await train(engine, testCase, training, data, {
      onStep: (record, _training, violation) => {
        const progress = epochs.add(record);
        alarm.look(record);
        events.step(record, alarm.ringing);
        if (violation !== null) {
          tell({ kind: "capturing", progress });
          const captured = keepStep(run, { record, violation }, job, draft);
          const failed = { status: "failed" as const, death: { step: record.step, record, diagnosis: null } };
          const trajectory = { ...failed, steps: record.step, records: [record] };
          const { epoch, msPerStep } = progress;
          if (captured !== null)
            tell({
              kind: "kept",
              report: { model: testCase.model, trajectory, epoch, captured, msPerStep, stoppedEarly: null },
            });
          return;
        }
        tell({ kind: "stepped", progress });
        if (!epochs.isComplete) return;
        const report = epochs.close(training);
        if (report.validationLoss !== null) events.validation(record.step, report.validationLoss);
        tell({ kind: "epoch", report });
      },
      signal: alarm.stopping(stop),
    });
    if (trajectory.status === "failed") tell({ kind: "epoch", report: epochs.closeDead(trajectory.death) });
    const report = (captured: TrainReport["captured"]): TrainReport => ({
      model: testCase.model,
      trajectory: { ...trajectory, records: trajectory.records.slice(-REPORTED_RECORDS) },
      epoch: epochs.epoch,
      captured,
      msPerStep: epochs.msPerStep,
      stoppedEarly: alarm.stoppedBy,
    });
    const captured = await captureDeath({ ...run, trajectory, draft }, job, {
      signal: stop,
      onUnwritten,
      onKept: (kept) => tell({ kind: "kept", report: report(kept) }),
      onPart: (part) => tell({ kind: "part", line: part }),
      onProgress: (progress) => tell({ kind: "shrinking", line: shrinkLine(engine, progress) }),
    });
    return report(captured);
  } finally {
    events.close();
    training.dispose();
  }
}

function stepsOf({ epochs, testCase }: TrainJob, { batchesPerEpoch }: DataSource): number {
  if (epochs === null) return testCase.steps;
  const steps = epochs * batchesPerEpoch;
  if (steps <= LIMITS.steps) return steps;
  throw new UsageError(
    "NANPROOF_E_FLAGS",
    `--epochs is ${epochs}: with ${batchesPerEpoch} ${batchesPerEpoch === 1 ? "batch" : "batches"} an epoch that makes ${steps} steps, over the bound of ${LIMITS.steps}`,
    `give at most ${Math.floor(LIMITS.steps / batchesPerEpoch)}`,
  );
}
