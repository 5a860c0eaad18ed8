import * as z from "zod";
import { float32, list, numbers } from "../../../documents/boundedList.ts";
import { fieldName } from "../../../documents/fieldName.ts";
import { LIMITS } from "../../../documents/limits.ts";
import { readJson } from "../../../documents/readJson.ts";
import { ACTIVATIONS } from "../cases/activations.ts";
import { checkParameters, checkShape, type Path, type Report } from "../cases/consistency.ts";
import { finite, positive, type TrainingCase } from "../cases/schema.ts";
import { targetWidth } from "../cases/shapes.ts";
import { trainingCaseSchema } from "../cases/trainingCase.ts";

/** Infinity where a rerun of TensorFlow died earlier or the quantity itself is not finite. */
const tolerance = z.union([z.number().min(0), z.literal("Infinity")]);
const size = (bound: number) => z.int().min(0).max(bound);
const places = list(z.tuple([size(LIMITS.rows), size(LIMITS.timesteps)]), {
  max: LIMITS.rows * LIMITS.timesteps,
});
const parameters = list(z.strictObject({ kernel: numbers(2), bias: numbers(1) }), {
  min: 1,
  max: LIMITS.layers,
});
const lengths = list(size(LIMITS.timesteps), { min: 1, max: LIMITS.rows });

const step = z.strictObject({
  loss: float32,
  cosineDistance: float32,
  gradientNorm: float32,
  maxAbsOutput: float32.optional(),
  weightNorm: float32,
  tolerance: z
    .strictObject({
      loss: tolerance,
      cosineDistance: tolerance,
      gradientNorm: tolerance,
      weightNorm: tolerance,
    })
    .optional(),
  weightsFinite: z.boolean().optional(),
});

/**
 * A recording of the original TF1 program (compat.v1 of TensorFlow 2.15), step by step. The fields of `case` that
 * only say how its numbers were drawn (batch, time, lengths, scales, seed, ...) are not read here:
 * the numbers themselves are in `initialWeights` and `batches`.
 */
export const recordingSchema = z.strictObject({
  case: z.strictObject({
    name: z.string().min(1).max(200),
    inputs: z.int().min(1).max(LIMITS.inputs),
    layers: list(
      z.strictObject({
        units: z.int().min(1).max(LIMITS.units),
        activation: z.enum(ACTIVATIONS),
      }),
      { min: 1, max: LIMITS.layers },
    ),
    axis: z.literal([1, 2]),
    learningRate: positive,
    l2: finite.min(0).optional(),
    clipNorm: positive.optional(),
    steps: z.int().min(1).max(LIMITS.steps),
    batch: size(LIMITS.rows).optional(),
    time: size(LIMITS.timesteps).optional(),
    lengths: list(size(LIMITS.timesteps), { max: LIMITS.rows }).optional(),
    freshBatches: z.boolean().optional(),
    inputScale: finite.optional(),
    initScale: finite.optional(),
    zeroInputs: places.optional(),
    zeroTargets: places.optional(),
    seed: z.int().optional(),
  }),
  initialWeights: parameters,
  batches: list(z.strictObject({ x: numbers(3), y: numbers(3), lengths }), { min: 1, max: LIMITS.batches }),
  firstStep: z.strictObject({ outputs: numbers(3), gradients: parameters }),
  steps: list(step, { min: 1, max: LIMITS.steps }),
  finalWeights: parameters,
  finalWeightsTolerance: list(z.strictObject({ kernel: tolerance, bias: tolerance }), {
    max: LIMITS.layers,
  }).optional(),
});

/** One run of the original program, step by step; see {@link recordingSchema}. */
export type Recording = z.infer<typeof recordingSchema>;

/** The recorded run as a case: same weights, same batches, the original program's loss and optimizer. */
export function recordedCase({ case: recorded, initialWeights, batches, steps }: Recording): TrainingCase {
  return {
    schemaVersion: 1,
    model: { inputs: recorded.inputs, layers: recorded.layers, forgetBias: 1 },
    init: { kind: "explicit", step: 0, weights: initialWeights },
    data: {
      kind: "explicit",
      batches: batches.map(({ x, y, lengths }) => ({ time: x[0]?.length ?? 0, lengths, x, y })),
    },
    loss: {
      kind: "cosine",
      axis: recorded.axis === 1 ? "time" : "embedding",
      normalise: { kind: "tensorflow" },
      padding: "counted",
      l2: recorded.l2 ?? 0,
    },
    optimizer: {
      kind: "adam",
      form: "tf1",
      learningRate: recorded.learningRate,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      clip:
        recorded.clipNorm === undefined ? { kind: "none" } : { kind: "globalNorm", limit: recorded.clipNorm },
      skipNonFinite: false,
    },
    steps: steps.length,
  };
}

/**
 * Reads a recording and checks that its numbers have the shapes that its case asks for.
 * @throws UsageError naming the file, the field, the value and the remedy.
 */
export function readRecording(path: string): Recording {
  return readJson(path, "recording", checkedRecordingSchema);
}

/** Fields of {@link recordedCase}, each with the field of a recording that it is made of. */
const FIELDS: readonly [inCase: string[], inRecording: string[]][] = [
  [["init", "weights"], ["initialWeights"]],
  [["data", "batches"], ["batches"]],
  [["model"], ["case"]],
  [["optimizer"], ["case"]],
  [["loss"], ["case"]],
];

/** A recording whose numbers have the shapes that its case asks for. */
export const checkedRecordingSchema = recordingSchema.superRefine((recording, context) => {
  const report: Report = (path, message) => context.addIssue({ code: "custom", path, message });
  const testCase = recordedCase(recording);
  const checked = trainingCaseSchema.safeParse(testCase);
  const known = new Set(context.issues.map(({ path }) => fieldName(path ?? [])));
  for (const { path, message, code } of checked.error?.issues ?? []) {
    const [inCase, inRecording] = FIELDS.find(([from]) => from.every((part, i) => path[i] === part)) ?? [
      [],
      [],
    ];
    const field = [...inRecording, ...path.slice(inCase.length)] as Path;
    // What the recording's own schema has said is not said twice.
    if (!known.has(fieldName(field))) report(field, code === "custom" ? message : `is not right: ${message}`);
  }
  const [batch] = recording.batches;
  const outputs = [batch?.lengths.length ?? 0, batch?.x[0]?.length ?? 0, targetWidth(testCase.model)];
  checkShape(recording.firstStep.outputs, outputs, ["firstStep", "outputs"], report);
  checkParameters(recording.firstStep.gradients, testCase.model, ["firstStep", "gradients"], report);
  checkParameters(recording.finalWeights, testCase.model, ["finalWeights"], report);
});
