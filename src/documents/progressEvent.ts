import * as z from "zod";

const count = z.int().min(0);
const time = z.number().min(0);
const base = {
  schemaVersion: z.literal(1),
  command: z.string().describe("The command, such as gate."),
};
const standing = {
  what: z.string().nullable().describe("What is counted: cases, fixtures, steps; null where nothing is."),
  done: count.nullable(),
  total: count.nullable().describe("null where nobody knows how many there will be."),
  part: z.number().min(0).max(1).nullable().describe("The part that is done."),
  seconds: time.describe("Since this part of the command began."),
  secondsLeft: time.nullable().describe("By the pace so far, or by the budget."),
  text: z.string().describe("The same in words."),
};

/** A line on stderr of a command with `--progress json`. */
export const progressEventSchema = z.discriminatedUnion("type", [
  z
    .strictObject({ type: z.literal("progress"), ...base, ...standing })
    .describe("How far the command has come."),
  z
    .strictObject({ type: z.literal("done"), ...base, ...standing })
    .describe("This part of the command is over; where it stood last."),
  z
    .strictObject({ type: z.literal("note"), ...base, text: z.string() })
    .describe("A warning, an error, or what else a person would read on stderr."),
]);
/** See {@link progressEventSchema}. */
export type ProgressEvent = z.infer<typeof progressEventSchema>;
