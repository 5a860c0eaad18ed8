import type { CommandModule, InferredOptionTypes } from "yargs";
import { shellWord } from "../documents/printable.ts";
import { isUnwritten } from "../documents/writeWhole.ts";
import { DEFAULT_ENGINE } from "../programs/lstm/engines/engine.ts";
import { type TrainReport, trainJson, trainSummary } from "../reporters/train.ts";
import { caseOf, caseOptions } from "./caseFlags.ts";
import { holdsEvents } from "./eventFile.ts";
import { EXIT, SIGPIPE_EXIT } from "./exitCodes.ts";
import { engineFlag, jsonFlag, numberFlag, shrinkFlag, switchFlag, textFlag } from "./flags.ts";
import { onInterrupt } from "./interrupt.ts";
import { checkOut, DEFAULT_OUT } from "./outFolder.ts";
import { note, print, printJson } from "./output.ts";
import type { TrainJob } from "./trainJob.ts";
import { TrainProgress } from "./trainProgress.ts";
import { startTraining } from "./trainThread.ts";

const DEFAULT_EPOCHS = 100;
/** Milliseconds that an interrupted run may take to end the step, or the capture, at hand. */
const GRACE_MS = 700;
/** And the writing down of a fatal step after that. */
const WRITING_MS = 500;
/** Milliseconds that a run goes on after the reader of stdout has left: a death that is near is still found and kept. */
const LEFT_MS = 2000;

const options = {
  ...caseOptions,
  epochs: numberFlag("epochs", `times to go over the text (default ${DEFAULT_EPOCHS})`, {
    min: 1,
    integer: true,
  }),
  engine: engineFlag,
  shrink: shrinkFlag,
  out: textFlag("out", `folder for the fixture of a death (default ${DEFAULT_OUT})`),
  tensorboard: textFlag("tensorboard", "folder for an event file that TensorBoard draws, one point a step"),
  "stop-early": switchFlag("end the run when float32 is about to overflow, by the alarm of docs/warning.md"),
  json: jsonFlag,
} as const;

type Flags = InferredOptionTypes<typeof options>;

/** `nanproof train`: trains a preset on real text; a run that dies leaves a fixture. */
export const trainCommand: CommandModule<unknown, Flags> = {
  command: "train",
  describe: "train on real text; capture the run if it dies",
  builder: (yargs) => yargs.options(options),
  handler: async (flags) => {
    process.exitCode = await runTrain(flags);
  },
};

async function runTrain(flags: Flags): Promise<number> {
  const out = flags.out ?? DEFAULT_OUT;
  const preset = flags.preset ?? "published";
  const job: TrainJob = {
    ...caseOf(flags),
    epochs: flags.epochs ?? DEFAULT_EPOCHS,
    engine: flags.engine ?? DEFAULT_ENGINE,
    out,
    preset,
    seed: flags.seed ?? "1",
    shrink: flags.shrink,
    tensorboard: flags.tensorboard ?? null,
    stopEarly: flags["stop-early"],
  };
  checkOut(out);
  if (job.tensorboard !== null && holdsEvents(job.tensorboard))
    note(
      `--tensorboard ${shellWord(job.tensorboard)} holds event files already; TensorBoard draws them all as one run`,
    );
  const progress = new TrainProgress({ preset, quiet: flags.json });
  const show = (report: TrainReport) =>
    flags.json ? printJson(trainJson(report)) : print(trainSummary(report));
  try {
    const { report, exitCode } = await trainUntilStopped(job, progress);
    show(report);
    return exitCode;
  } catch (error) {
    // The smaller fixture could not be written; the one before it is on disk.
    if (isUnwritten(error) && progress.kept !== null) show(progress.kept);
    throw error;
  }
}

/**
 * Trains to the end or, on Ctrl-C, to the end of the step at hand. What goes on past {@link GRACE_MS}, and anything on a
 * second Ctrl-C, is given up: of a step the report then tells of those before it, of a death what is on disk already.
 */
async function trainUntilStopped(
  job: TrainJob,
  progress: TrainProgress,
): Promise<{ report: TrainReport; exitCode: number }> {
  const thread = startTraining(job, (event) => progress.on(event));
  const timers: NodeJS.Timeout[] = [];
  let giveUp = () => {};
  const givenUp = new Promise<null>((give) => {
    giveUp = () => give(null);
  });
  const interrupt = onInterrupt(() => giveUp());
  const stop = () => {
    thread.stop();
    timers.push(
      setTimeout(() => {
        const isBeingWritten = progress.capturing && progress.kept === null;
        if (isBeingWritten) timers.push(setTimeout(giveUp, WRITING_MS));
        else giveUp();
      }, GRACE_MS),
    );
  };
  interrupt.signal.addEventListener("abort", () => {
    if (interrupt.exitCode() !== SIGPIPE_EXIT) return stop();
    // Nobody waits for the end: a death that is being captured is captured whole.
    timers.push(setTimeout(() => (progress.capturing ? undefined : thread.stop()), LEFT_MS));
  });
  try {
    const report = (await Promise.race([thread.report, givenUp])) ?? unfinished(job, progress);
    return {
      report,
      exitCode: interrupt.signal.aborted ? interrupt.exitCode() : exitCodeOf(report, progress),
    };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    progress.close();
    interrupt.release();
    // Not waited for: native code ends in its own time, and the command with it at the latest.
    void thread.terminate();
  }
}

/** What is known of a run whose last step, or the capture of whose death, was given up. */
function unfinished(
  { testCase: { model } }: TrainJob,
  { kept, last, capturing }: TrainProgress,
): TrainReport {
  if (kept !== null) return kept;
  if (capturing)
    note(
      `step ${last?.steps} was fatal, and was not on disk yet; the same command with the same seed dies of it again`,
    );
  return {
    model,
    trajectory: { status: "interrupted", steps: last?.steps ?? 0, records: last ? [last.record] : [] },
    epoch: last?.epoch ?? 1,
    captured: null,
    msPerStep: last?.msPerStep ?? 0,
    stoppedEarly: null,
  };
}

function exitCodeOf(
  { trajectory, captured, stoppedEarly }: TrainReport,
  { hasUnwritten }: TrainProgress,
): number {
  if (hasUnwritten) return EXIT.usage;
  if (stoppedEarly !== null) return EXIT.inconclusive;
  if (trajectory.status !== "failed") return EXIT.ok;
  return captured?.confirmed ? EXIT.violated : EXIT.inconclusive;
}
