import { basename } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import { shellWord } from "../../documents/printable.ts";
import { isUnwritten } from "../../documents/writeWhole.ts";
import type { TrainingCase } from "../../programs/lstm/cases/schema.ts";
import { FIX_NAMES } from "../../programs/lstm/fixes/fixes.ts";
import { type TrainReport, trainJson, trainSummary } from "../../reporters/train.ts";
import { holdsEvents } from "../../training/eventFile.ts";
import type { TrainJob } from "../../training/trainJob.ts";
import { startTraining } from "../../training/trainThread.ts";
import { command, type Typed } from "../command.ts";
import { EXIT, SIGPIPE_EXIT } from "../exitCodes.ts";
import { fixedCase } from "../fixedCase.ts";
import { type AskedCase, caseFlags, caseOf, refuseDataFlags } from "../flags/caseFlags.ts";
import type { Values } from "../flags/flag.ts";
import { invariantFlag } from "../flags/invariantFlag.ts";
import { numberFlag, switchFlag, textFlag } from "../flags/kinds.ts";
import { fileOrder, programRunFlags, refuseBeside, refuseWithoutProgram } from "../flags/programFlags.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { engineFlag, jsonFlag, shrinkFlag } from "../flags/shared.ts";
import { onInterrupt } from "../interrupt.ts";
import { checkOut, DEFAULT_OUT } from "../outFolder.ts";
import { note, print, printJson } from "../output.ts";
import { trainProgram } from "../programs/train.ts";
import { stdinText } from "../stdinText.ts";
import { TrainProgress } from "../trainProgress.ts";

const DEFAULT_EPOCHS = 100;
/** Milliseconds that an interrupted run may take to end the step, or the capture, at hand. */
const GRACE_MS = 700;
/** And the writing down of a fatal step after that. */
const WRITING_MS = 500;
/** Milliseconds that a run goes on after the reader of stdout has left: a death that is near is still found and kept. */
const LEFT_MS = 2000;

const flags = {
  ...caseFlags,
  ...programRunFlags,
  epochs: numberFlag({
    description: "times to go over the text; not with --case, which says how many steps",
    defaultWords: String(DEFAULT_EPOCHS),
    min: 1,
    integer: true,
  }),
  fix: textFlag({
    description: `a fix to train under: ${FIX_NAMES.join(", ")}, or an ES module that exports one`,
  }),
  engine: engineFlag,
  invariant: invariantFlag,
  shrink: shrinkFlag,
  out: textFlag({ description: "folder for the fixture of a death", default: DEFAULT_OUT }),
  tensorboard: textFlag({ description: "folder for an event file that TensorBoard draws, one point a step" }),
  "stop-early": switchFlag("end the run when float32 is about to overflow, by the alarm of docs/warning.md"),
  progress: progressFlag,
  json: jsonFlag,
} as const;

const { seed: _, ...ofPresets } = caseFlags;
/** Flags that say what a preset is trained on. */
const NOT_OF_A_PROGRAM = [...Object.keys(ofPresets), "epochs", "fix", "tensorboard", "stop-early"];

/** `nanproof train`: trains a preset on real text; a run that dies leaves a fixture. */
export const trainCommand = command({
  name: "train",
  description: "train on real text; capture the run if it dies",
  exits: "0 finite, 1 died, 3 died but not confirmed on tfjs-wasm, or ended by --stop-early",
  example: "train --text my.txt --units 64 --learning-rate 0.03 --epochs 10",
  flags,
  run: runTrain,
});

async function runTrain(given: Values<typeof flags>, typed: Typed): Promise<number> {
  if (given.program !== undefined) {
    refuseBeside(typed, "--program", NOT_OF_A_PROGRAM);
    checkOut(given.out);
    return trainProgram({ ...given, seed: given.seed ?? "1", order: fileOrder(given.program, given, typed) });
  }
  refuseWithoutProgram(typed);
  if (given.text !== "-") return trainAsAsked(given);
  refuseDataFlags(given);
  const { path, remove } = stdinText();
  try {
    return await trainAsAsked({ ...given, text: path });
  } finally {
    remove();
  }
}

async function trainAsAsked(given: Values<typeof flags>): Promise<number> {
  const { engine, invariant, out, shrink, tensorboard = null, json } = given;
  const { testCase, folder, name } = await trainedCase(given);
  const preset = given.fix === undefined ? name : `${name} with ${basename(given.fix)}`;
  const job: TrainJob = {
    testCase,
    folder,
    epochs: given.case === undefined ? (given.epochs ?? DEFAULT_EPOCHS) : null,
    engine,
    invariants: invariant,
    out,
    preset,
    seed: seedOf(testCase),
    shrink,
    tensorboard,
    stopEarly: given["stop-early"],
  };
  checkOut(out);
  if (tensorboard !== null && holdsEvents(tensorboard))
    note(
      `--tensorboard ${shellWord(tensorboard)} holds event files already; TensorBoard draws them all as one run`,
    );
  const progress = new TrainProgress({ preset, quiet: json });
  const show = (report: TrainReport) =>
    json ? printJson(trainJson(report)) : print(trainSummary(report, { invariants: invariant }));
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

/** The case to train: a preset or the case of a file, with the flags and the fix applied. */
async function trainedCase(given: Values<typeof flags>): Promise<AskedCase> {
  refuseDataFlags(given);
  if (given.case !== undefined && given.epochs !== undefined)
    throw new UsageError(
      "NANPROOF_E_FLAGS",
      `--epochs is ${given.epochs}: the case of --case says how many steps it trains`,
      "leave it out, or change steps in the case",
    );
  const asked = caseOf(given);
  return { ...asked, testCase: await fixedCase(asked.testCase, given.fix) };
}

/** The seed that a fixture names. */
function seedOf({ init, data }: TrainingCase): string {
  if (init.kind === "glorot") return init.seed;
  return data.kind === "explicit" ? "none" : data.seed;
}

/**
 * Trains to the end or, on Ctrl-C, to the end of the step at hand. What goes on past {@link GRACE_MS}, and anything on a
 * second Ctrl-C, is given up: the report then has the steps before that step, or of a death what is on disk already.
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

/** The report of a run whose last step, or the capture of whose death, was given up. */
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
