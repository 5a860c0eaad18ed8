import type { CommandModule, InferredOptionTypes } from "yargs";
import { type TrainReport, trainJson, trainSummary } from "../reporters/train.ts";
import { DEFAULT_ENGINE } from "../training/engine.ts";
import { caseOf, caseOptions } from "./caseFlags.ts";
import { holdsEvents } from "./eventFile.ts";
import { EXIT } from "./exitCodes.ts";
import { engineFlag, jsonFlag, numberFlag, shrinkFlag, textFlag } from "./flags.ts";
import { onInterrupt } from "./interrupt.ts";
import { checkOut, DEFAULT_OUT } from "./outFolder.ts";
import { note, print, printJson } from "./output.ts";
import type { TrainJob } from "./trainJob.ts";
import { TrainProgress } from "./trainProgress.ts";
import { startTraining } from "./trainThread.ts";

const DEFAULT_EPOCHS = 100;
/** Milliseconds that an interrupted run may take to end the step at hand. */
const GRACE_MS = 2000;

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
  };
  checkOut(out);
  if (job.tensorboard !== null && holdsEvents(job.tensorboard))
    note(`--tensorboard ${job.tensorboard} holds event files already; TensorBoard draws them all as one run`);
  const progress = new TrainProgress({ preset, quiet: flags.json });
  const { report, exitCode } = await trainUntilStopped(job, progress);
  if (flags.json) printJson(trainJson(report));
  else print(trainSummary(report));
  return exitCode;
}

/**
 * Trains to the end or, on Ctrl-C, to the end of the step at hand. A step that goes on past
 * {@link GRACE_MS}, and any step on a second Ctrl-C, is given up; the report then tells of the steps before it.
 * The capture of a death is waited for until the second Ctrl-C.
 */
async function trainUntilStopped(
  job: TrainJob,
  progress: TrainProgress,
): Promise<{ report: TrainReport; exitCode: number }> {
  const thread = startTraining(job, (event) => progress.on(event));
  let timer: NodeJS.Timeout | undefined;
  let giveUp = () => {};
  const givenUp = new Promise<null>((give) => {
    giveUp = () => give(null);
  });
  const interrupt = onInterrupt(() => giveUp());
  interrupt.signal.addEventListener("abort", () => {
    thread.stop();
    if (progress.capturing) note("still capturing the death; Ctrl-C again to give it up");
    else timer = setTimeout(() => !progress.capturing && giveUp(), GRACE_MS);
  });
  try {
    const report = (await Promise.race([thread.report, givenUp])) ?? unfinished(job, progress);
    return { report, exitCode: interrupt.signal.aborted ? interrupt.exitCode() : exitCodeOf(report) };
  } finally {
    clearTimeout(timer);
    progress.close();
    interrupt.release();
    await thread.terminate();
  }
}

/** What is known of a run whose last step, or the capture of whose death, was given up. */
function unfinished({ testCase: { model } }: TrainJob, { kept, last }: TrainProgress): TrainReport {
  if (kept !== null) return kept;
  return {
    model,
    trajectory: { status: "interrupted", steps: last?.steps ?? 0, records: last ? [last.record] : [] },
    epoch: last?.epoch ?? 1,
    captured: null,
    msPerStep: last?.msPerStep ?? 0,
  };
}

function exitCodeOf({ trajectory, captured }: TrainReport): number {
  if (trajectory.status !== "failed") return EXIT.ok;
  return captured?.confirmed ? EXIT.violated : EXIT.inconclusive;
}
