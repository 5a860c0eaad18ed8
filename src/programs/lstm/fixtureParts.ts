import * as z from "zod";
import type { FixtureParts } from "../program.ts";
import type { Site } from "./diagnosis/site.ts";
import { PHASES } from "./diagnosis/trace.ts";
import { FIX_NAMES } from "./fixes/fixes.ts";

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Typed by hand: of the enum's own type the compiler writes a declaration that it cannot read. */
const nonFinite: z.ZodType<Site["value"]> = z.enum(["NaN", "Infinity", "-Infinity"]);

const site = z.strictObject({
  phase: z.enum(PHASES),
  timestep: count.nullable(),
  layer: count.nullable(),
  row: count,
  tensor: z.string().max(60),
  unit: count,
  value: nonFinite,
});

/** Fields that fixtures of the LSTM hold besides those of every fixture. */
export const fixtureParts: FixtureParts = {
  expected: {
    site: site.nullable(),
    firstNaN: site.nullable(),
    operation: z.string().max(100),
    ending: z.enum(["pre-activation", "closed-gate", "saturated", "other"]),
  },
  provenance: {
    /** Place, in the batch as captured, of the input or target that it died of; counts from 0. */
    place: z
      .strictObject({ tensor: z.enum(["input", "target"]), row: count, timestep: count, column: count })
      .optional(),
  },
  isOfFile: false,
  fixNames: FIX_NAMES,
  binaryEnding: ".bin",
};
