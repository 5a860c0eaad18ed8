import * as z from "zod";
import { fixtureSchema } from "../../fixtures/schema.ts";
import type { CaseRef, Rung } from "../../programs/generating.ts";
import type { HostOrder } from "../../programs/hostOrder.ts";

/** What a worker is told before its first task. */
export interface WorkerOrders {
  host: HostOrder;
  /** What confirms a death. */
  confirm: HostOrder;
  /** What is drawn, and the hunt's seed. */
  space: unknown;
  seed: string;
  /** A fix that every case is given: its name, or the path of a user's own; null for none. */
  fix: string | null;
  /** What runs are held to besides that all is finite, as `--invariant` takes it. */
  invariants: readonly string[];
  provenance: {
    nanproof: string;
    /** The preset, or the name of a person's file. */
    preset: string;
    /** What is drawn, in a word. */
    domain: string;
  };
}

/** What a worker is asked to do with a case. */
export type HuntTask = CaseRef &
  (
    | { kind: "run"; rungs: readonly Rung[] }
    /** Run it to its death once more, and make a fixture of that. */
    | { kind: "capture"; shrink: "whole" | "none" }
  );

const number = z.number();

const ran = z.object({
  kind: z.literal("ran"),
  status: z.enum(["lived", "stopped", "overdue", "died"]),
  steps: number,
  work: number,
  heats: z.array(number),
  heat: number,
  /** Of a death, where going over the step again showed its cause. */
  signature: z.string().nullable(),
  /** Seconds, for statistics alone. */
  timing: z.object({ generate: number, run: number }).optional(),
});

const captured = z.object({
  kind: z.literal("captured"),
  /** The case's own death first, then what else was found while it was made small. */
  findings: z.array(z.object({ fixture: fixtureSchema, binary: z.base64().optional() })),
});

/** An error that a case gave rise to; the worker goes on. */
const failed = z.object({
  kind: z.literal("failed"),
  message: z.string(),
  details: z.array(z.string()).optional(),
});

/** What a worker answers. */
const huntAnswerSchema = z.discriminatedUnion("kind", [ran, captured, failed]);
/** What a worker answers. */
export type HuntAnswer = z.infer<typeof huntAnswerSchema>;
/** What became of a case that was run. */
export type RanCase = z.infer<typeof ran>;

/**
 * Reads what a worker answers to a task.
 * @throws Error when that is no answer to it.
 */
export function readAnswer(answer: unknown, { kind }: HuntTask): HuntAnswer {
  const read = huntAnswerSchema.parse(answer);
  if (read.kind !== "failed" && (read.kind === "ran") !== (kind === "run"))
    throw new Error("an answer to another question");
  return read;
}
