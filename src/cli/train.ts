import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { CommandModule, InferredOptionTypes } from "yargs";
import type { DataSource } from "../cases/batch.ts";
import { openData } from "../cases/data.ts";
import { UsageError } from "../cases/errors.ts";
import { LIMITS } from "../cases/limits.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { initialState } from "../cases/state.ts";
import { openEngine } from "../engines/open.ts";
import { trainJson, trainSummary } from "../reporters/train.ts";
import { DEFAULT_ENGINE } from "../training/engine.ts";
import { train } from "../training/run.ts";
import { captureDeath } from "./captureDeath.ts";
import { caseOf, caseOptions } from "./caseFlags.ts";
import { EXIT } from "./exitCodes.ts";
import { engineFlag, jsonFlag, numberFlag, shrinkFlag, textFlag } from "./flags.ts";
import { type Interrupt, onInterrupt } from "./interrupt.ts";
import { note, print, printJson, shownPath } from "./output.ts";
import { TrainSession } from "./trainSession.ts";

const DEFAULT_EPOCHS = 100;

const options = {
  ...caseOptions,
  epochs: numberFlag("epochs", `times to go over the text (default ${DEFAULT_EPOCHS})`, {
    min: 1,
    integer: true,
  }),
  engine: engineFlag,
  shrink: shrinkFlag,
  out: textFlag("out", "folder for the fixture of a death (default nanproof-findings)"),
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
  const { testCase: base, folder } = caseOf(flags);
  const out = flags.out ?? "nanproof-findings";
  checkOut(out);
  const interrupt = onInterrupt();
  try {
    const data = openData(base, { folder });
    const testCase = { ...base, steps: stepsOf(flags.epochs ?? DEFAULT_EPOCHS, data) };
    return await trainOn(testCase, data, flags, out, interrupt);
  } finally {
    interrupt.release();
  }
}

async function trainOn(
  testCase: TrainingCase,
  data: DataSource,
  flags: Flags,
  out: string,
  interrupt: Interrupt,
): Promise<number> {
  const engine = await openEngine(flags.engine ?? DEFAULT_ENGINE);
  note(`${flags.preset ?? "published"} on ${data.description}; engine ${engine.name}`);
  const training = engine.start(testCase, initialState(testCase));
  try {
    const session = new TrainSession(testCase, data, { quiet: flags.json });
    const trajectory = await train(engine, testCase, training, data, {
      onStep: (record, run) => session.onStep(record, run),
      signal: interrupt.signal,
    });
    session.close(trajectory);
    const captured = await captureDeath(
      { engine, testCase, training, data, trajectory },
      { preset: flags.preset ?? "published", seed: flags.seed ?? "1", shrink: flags.shrink, out },
      interrupt.signal,
    );
    const report = { trajectory, epoch: session.epoch, captured, msPerStep: session.msPerStep };
    if (flags.json) printJson(trainJson(report));
    else print(trainSummary(report));
    if (interrupt.signal.aborted) return interrupt.exitCode();
    if (trajectory.status === "completed") return EXIT.ok;
    return captured?.confirmed ? EXIT.violated : EXIT.inconclusive;
  } finally {
    training.dispose();
  }
}

function stepsOf(epochs: number, { batchesPerEpoch }: DataSource): number {
  const steps = epochs * batchesPerEpoch;
  if (steps <= LIMITS.steps) return steps;
  throw new UsageError(
    "NANPROOF_E_FLAGS",
    `--epochs is ${epochs}: with ${batchesPerEpoch} batches an epoch that makes ${steps} steps, over the bound of ${LIMITS.steps}`,
    `give at most ${Math.floor(LIMITS.steps / batchesPerEpoch)}`,
  );
}

/**
 * Makes sure before the first step that a death can be written down after the last. Makes nothing
 * yet: a run that does not die, or does not start, leaves no folder behind.
 */
function checkOut(folder: string): void {
  const unusable = (what: string) =>
    new UsageError(
      "NANPROOF_E_OUT",
      `--out is ${JSON.stringify(folder)}: ${what}`,
      "give a folder that can be written to",
    );
  let place = resolve(folder);
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  if (!statSync(place).isDirectory()) throw unusable(`${shownPath(place)} is not a folder`);
  try {
    accessSync(place, constants.W_OK);
  } catch {
    throw unusable(`${shownPath(place)} cannot be written to`);
  }
}
