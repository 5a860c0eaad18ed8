import * as z from "zod";
import { list } from "../../../documents/boundedList.ts";
import { LIMITS } from "../../../documents/limits.ts";
import { LAYOUT_NAMES } from "./layouts.ts";
import { activation, positive } from "./schema.ts";

/** Rows of all batches of a case together; a generated case draws each. */
const MAX_ROWS = 4096;

const ordered = <T extends z.ZodObject<{ min: z.ZodNumber; max: z.ZodNumber }>>(range: T) =>
  range.refine(({ min, max }) => min <= max, { message: "has a min over its max: exchange the two" });

const whole = (max: number) => {
  const size = z.int().min(1).max(max);
  return ordered(z.strictObject({ min: size, max: size }));
};

/** Log-uniform between two numbers. */
const scale = ordered(z.strictObject({ min: positive, max: positive }));

/**
 * The ranges that generated cases are drawn from, as plain data. What a domain leaves out comes from the base case:
 * the layers with their activations, units, learning rate, scales; and always the loss, clipping, cell clip,
 * forget bias and the kind of optimizer.
 */
export const domainSchema = z
  .strictObject({
    layers: z
      .strictObject({
        count: whole(LIMITS.layers),
        activations: list(activation, { min: 1, max: activation.options.length }),
      })
      .optional(),
    /** Drawn once for the `run`, or for each `layer`. */
    units: ordered(
      z.strictObject({
        min: z.int().min(1).max(LIMITS.units),
        max: z.int().min(1).max(LIMITS.units),
        each: z.enum(["run", "layer"]),
      }),
    ).optional(),
    /** Left out: as many as the top layer has units, since the program reads and writes embeddings. */
    inputs: whole(LIMITS.inputs).optional(),
    rows: whole(MAX_ROWS),
    time: whole(LIMITS.timesteps),
    /** Batches in one epoch. */
    batches: whole(LIMITS.batches),
    steps: whole(LIMITS.steps),
    learningRate: scale.optional(),
    initScale: scale.optional(),
    inputScale: scale.optional(),
    /** The layouts that may occur; several may at once. Without `none`, one of them always does. */
    layouts: list(z.enum(LAYOUT_NAMES), { min: 1, max: LAYOUT_NAMES.length }),
  })
  .refine(({ rows, batches }) => rows.max * batches.max <= MAX_ROWS, {
    path: ["rows"],
    message: `times the batches make over ${MAX_ROWS} rows a case: lower rows.max or batches.max`,
  });

/** The ranges that generated cases are drawn from; see {@link domainSchema}. */
export type Domain = z.infer<typeof domainSchema>;

const wide: Domain = {
  layers: { count: { min: 1, max: 3 }, activations: ["linear", "relu", "sigmoid", "tanh"] },
  units: { min: 1, max: 16, each: "layer" },
  inputs: { min: 1, max: 16 },
  rows: { min: 1, max: 8 },
  time: { min: 1, max: 64 },
  batches: { min: 1, max: 4 },
  steps: { min: 1, max: 400 },
  learningRate: { min: 1e-4, max: 0.3 },
  initScale: { min: 0.1, max: 3 },
  inputScale: { min: 1e-6, max: 1e3 },
  layouts: [...LAYOUT_NAMES],
};

const benchmark: Domain = {
  layers: { count: { min: 1, max: 3 }, activations: ["relu", "tanh"] },
  units: { min: 1, max: 16, each: "run" },
  rows: { min: 1, max: 8 },
  time: { min: 1, max: 64 },
  batches: { min: 1, max: 4 },
  steps: { min: 200, max: 200 },
  learningRate: { min: 1e-3, max: 0.1 },
  initScale: { min: 1, max: 1 },
  inputScale: { min: 1, max: 1 },
  // Full rows. 16 of 12,000 random cases died (docs/hunt.md).
  layouts: ["none"],
};

/**
 * Domains by name. `wide` is what the properties run over; `stress` goes on to where float32 ends and
 * even `hardened` may die; `default` is where the hunt finds deaths that are neither trivial nor
 * hopeless, with the base's own layers; `benchmark` is what search strategies are measured on.
 */
export const DOMAINS = {
  default: {
    units: { min: 8, max: 16, each: "run" },
    rows: { min: 1, max: 8 },
    time: { min: 32, max: 64 },
    batches: { min: 1, max: 4 },
    steps: { min: 100, max: 400 },
    learningRate: { min: 0.01, max: 0.3 },
    layouts: ["none", "after", "before", "ragged", "hole-inside", "lengths-not-passed"],
  },
  wide,
  stress: { ...wide, initScale: { min: 0.1, max: 100 }, inputScale: { min: 1e-6, max: 1e38 } },
  "low-rate": {
    ...benchmark,
    units: { min: 8, max: 16, each: "run" },
    // Whole sentences, uncut: at such rates a factor grows slowly, and T timesteps need one of 88 / T in ln.
    time: { min: 32, max: 128 },
    steps: { min: 200, max: 400 },
    learningRate: { min: 1e-3, max: 0.01 },
    layouts: ["none", "after", "ragged"],
  },
  benchmark,
} as const satisfies Record<string, Domain>;

/** A name in {@link DOMAINS}. */
export type DomainName = keyof typeof DOMAINS;
/** The names of {@link DOMAINS}. */
export const DOMAIN_NAMES = Object.keys(DOMAINS) as DomainName[];
