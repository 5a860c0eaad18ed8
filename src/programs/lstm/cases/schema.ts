import * as z from "zod";
import { list, numbers } from "../../../documents/boundedList.ts";
import { LIMITS } from "../../../documents/limits.ts";
import { FLOAT32_OVERFLOW, FLOAT32_UNDERFLOW } from "../../../numerics/float32.ts";
import { ACTIVATIONS, type Activation } from "./activations.ts";

const SMALLEST = FLOAT32_UNDERFLOW.toPrecision(3);
/** A number that float32 holds. */
export const finite = z
  .number()
  .gt(-FLOAT32_OVERFLOW)
  .lt(FLOAT32_OVERFLOW)
  .refine((value) => value === 0 || Math.abs(value) > FLOAT32_UNDERFLOW, {
    error: ({ input }) =>
      `is ${input}, which float32 rounds to 0: give 0, or a number further from it than ${SMALLEST}`,
    abort: true,
  });
/** A number over 0 that float32 holds. */
export const positive = z
  .number()
  .gt(FLOAT32_UNDERFLOW, `give a number over 0 as float32 holds it: more than ${SMALLEST}`)
  .lt(FLOAT32_OVERFLOW);
const fraction = z.number().min(0).lt(1);
/** A decay rate of a moving average; float32 rounds what is nearer to 1 to 1, and the average would never move. */
const decay = finite.min(0).lt(1 - 2 ** -25);
const seed = z.string().min(1).max(200);

/** A tensor kept in the binary file beside a fixture: float32, little-endian, from this byte on. */
const stored = z.strictObject({ byteOffset: z.int().min(0).max(LIMITS.binaryBytes) });
const vector = z.union([numbers(1), stored]);
const matrix = z.union([numbers(2), stored]);
const sequences = z.union([numbers(3), stored]);

/** The function that an LSTM cell applies to its candidate and to its output. */
export const activation = z.enum(ACTIVATIONS);

const layer = z.strictObject({ units: z.int().min(1).max(LIMITS.units), activation });

const model = z.strictObject({
  inputs: z.int().min(1).max(LIMITS.inputs),
  layers: list(layer, { min: 1, max: LIMITS.layers }),
  forgetBias: finite,
  cellClip: positive.optional(),
  /** Each entry of the gradient by a pre-activation is held in [-gradientClip, gradientClip], timestep by timestep (Graves 2013). */
  gradientClip: positive.optional(),
});

const parameters = list(z.strictObject({ kernel: matrix, bias: vector }), { max: LIMITS.layers });

const init = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("glorot"), seed, scale: positive }),
  z.strictObject({
    kind: z.literal("explicit"),
    step: z.int().min(0).max(LIMITS.steps),
    weights: parameters,
    firstMoment: parameters.optional(),
    secondMoment: parameters.optional(),
  }),
]);

const timesteps = list(
  z
    .int()
    .min(0)
    .max(LIMITS.timesteps - 1),
  { max: LIMITS.timesteps },
);

const syntheticRow = z.strictObject({
  length: z.int().min(0).max(LIMITS.timesteps),
  padding: z.enum(["after", "before"]),
  holes: timesteps,
  zeroTargets: timesteps,
});

/** Generated data, row by row. */
export const synthetic = z.strictObject({
  kind: z.literal("synthetic"),
  seed,
  inputScale: positive,
  masked: z.boolean(),
  batches: list(
    z.strictObject({
      time: z.int().min(1).max(LIMITS.timesteps),
      rows: list(syntheticRow, { min: 1, max: LIMITS.rows }),
    }),
    { min: 1, max: LIMITS.batches },
  ),
});

const explicit = z.strictObject({
  kind: z.literal("explicit"),
  batches: list(
    z.strictObject({
      time: z.int().min(1).max(LIMITS.timesteps),
      lengths: list(z.int().min(0).max(LIMITS.timesteps), { min: 1, max: LIMITS.rows }),
      x: sequences,
      y: sequences,
    }),
    { min: 1, max: LIMITS.batches },
  ),
});

/** Ways to cut a text file into sentences, by the names that `--split` takes. */
export const SPLIT_NAMES = ["auto", "lines", "sentences"] as const;

const text = z.strictObject({
  kind: z.literal("text"),
  source: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("brown") }),
    z.strictObject({ kind: z.literal("file"), path: z.string().min(1).max(1024) }),
  ]),
  /** Of a file: a sentence is a `line`, or ends at a mark; `auto` looks at the lines. Left out: at marks. */
  split: z.enum(SPLIT_NAMES).optional(),
  seed,
  maxLength: z.int().min(2).max(LIMITS.timesteps),
  batch: z.int().min(1).max(LIMITS.rows),
  sentences: z.int().min(1).max(LIMITS.sentences),
  vocabulary: z.int().min(1).max(LIMITS.vocabulary),
  unknown: z.enum(["drop", "zero"]),
  validation: fraction,
  embedding: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("random"), seed, scale: positive }),
    z.strictObject({ kind: z.literal("wink") }),
  ]),
});

const loss = z.strictObject({
  kind: z.literal("cosine"),
  axis: z.enum(["time", "embedding"]),
  normalise: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("tensorflow") }),
    z.strictObject({ kind: z.literal("naive") }),
    z.strictObject({ kind: z.literal("epsilon"), epsilon: positive }),
    z.strictObject({ kind: z.literal("safe") }),
  ]),
  padding: z.enum(["counted", "masked"]),
  l2: finite.min(0),
});

const clip = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("globalNorm"), limit: positive }),
  z.strictObject({ kind: z.literal("safeGlobalNorm"), limit: positive }),
  z.strictObject({ kind: z.literal("value"), limit: positive }),
]);

const optimizer = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("adam"),
    form: z.enum(["tf1", "tfjs"]),
    learningRate: positive,
    beta1: decay,
    beta2: decay,
    epsilon: finite.min(0),
    clip,
    skipNonFinite: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal("sgd"),
    learningRate: positive,
    clip,
    skipNonFinite: z.boolean(),
  }),
]);

/** The fields of a case, each checked by itself; `trainingCaseSchema` checks them together. */
export const caseFields = z.strictObject({
  schemaVersion: z.literal(1),
  model,
  init,
  data: z.discriminatedUnion("kind", [synthetic, explicit, text]),
  loss,
  optimizer,
  steps: z.int().min(1).max(LIMITS.steps),
});

/** One training run, described whole. */
export type TrainingCase = z.infer<typeof caseFields>;
export type { Activation };
/** The model part of a case. */
export type ModelSpec = z.infer<typeof model>;
/** One of {@link SPLIT_NAMES}. */
export type SplitName = (typeof SPLIT_NAMES)[number];
/** The `text` form of a case's data. */
export type TextSpec = z.infer<typeof text>;
/** The `synthetic` form of a case's data. */
export type SyntheticSpec = z.infer<typeof synthetic>;
/** The `explicit` form of a case's data. */
export type ExplicitSpec = z.infer<typeof explicit>;
/** The loss part of a case. */
export type LossSpec = z.infer<typeof loss>;
/** The optimizer part of a case. */
export type OptimizerSpec = z.infer<typeof optimizer>;
/** Kernels and biases in JSON, one entry a layer. */
export type ParametersJson = z.infer<typeof parameters>;
/** A tensor in JSON: nested arrays, or a place in the binary file beside a fixture. */
export type TensorJson = z.infer<typeof vector> | z.infer<typeof matrix> | z.infer<typeof sequences>;
