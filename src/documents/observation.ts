import * as z from "zod";

const property = z.string().describe("What was tested: the hunt, in a few words.");
const runStart = z
  .number()
  .describe("When the hunt was started, in seconds since 1970: cases of one call have it in common.");

const testCase = z
  .strictObject({
    type: z.literal("test_case"),
    status: z
      .enum(["passed", "failed", "gave_up"])
      .describe("Lived; died; or was given up: stopped early, overdue, or lost with its worker."),
    status_reason: z.string().describe("What it died of, or why it was given up; empty where it lived."),
    representation: z.string().describe("What was drawn, for a person."),
    arguments: z
      .record(z.string(), z.unknown())
      .describe(
        "The case: of nanproof's LSTM as schemas/training-case.json has it, of a program its knobs, seed and steps.",
      ),
    how_generated: z.string().nullable().describe("Drawn, or varied from a case that came near to overflow."),
    features: z
      .record(z.string(), z.unknown())
      .describe(
        "What was drawn, by label, and what was measured: heat is the power of ten that the case came to.",
      ),
    coverage: z
      .record(z.string(), z.array(z.int().min(1)))
      .nullable()
      .describe("Lines that were run, by file; nanproof measures none."),
    timing: z.record(z.string(), z.number().min(0)).describe("Seconds of drawing and of running it."),
    metadata: z.record(z.string(), z.unknown()).describe("Its number in the hunt, and the hunt's seed."),
    property,
    run_start: runStart,
  })
  .describe("One case of a hunt.");

const message = z
  .strictObject({
    type: z.enum(["info", "alert", "error"]),
    title: z.string(),
    content: z.union([z.string(), z.record(z.string(), z.unknown())]),
    property,
    run_start: runStart,
  })
  .describe("What is to be told of the hunt as a whole.");

/** A line of the file of `nanproof hunt --observe`, with the fields that property-based testing tools have agreed on. */
export const observationSchema = z.discriminatedUnion("type", [testCase, message]);
/** See {@link observationSchema}. */
export type Observation = z.infer<typeof observationSchema>;
