import * as z from "zod";
import { list } from "../documents/boundedList.ts";
import { LIMITS } from "../documents/limits.ts";
import { OPTIMIZER_NAMES } from "../programs/lstm/cases/overrides.ts";
import { activation, SPLIT_NAMES } from "../programs/lstm/cases/schema.ts";

/** The schema of `Overrides`; whether the numbers make a valid case, the case's own schema says. */
export const overridesSchema = z
  .strictObject({
    units: list(z.number(), { min: 1, max: LIMITS.layers }),
    layers: list(activation, { min: 1, max: LIMITS.layers }),
    axis: z.enum(["time", "embedding"]),
    learningRate: z.number(),
    optimizer: z.enum(OPTIMIZER_NAMES),
    epsilon: z.number(),
    clip: z.unknown(),
    cellClip: z.number(),
    forgetBias: z.number(),
    seed: z.string(),
    text: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("brown") }),
      z.strictObject({ kind: z.literal("file"), path: z.string() }),
    ]),
    split: z.enum(SPLIT_NAMES),
    batch: z.number(),
    maxLength: z.number(),
    sentences: z.number(),
    vocabulary: z.number(),
    unknown: z.enum(["drop", "zero"]),
    validation: z.number(),
    embedding: z.enum(["random", "wink"]),
  })
  .partial();
