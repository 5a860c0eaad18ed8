import * as z from "zod";
import { fixtureSchema } from "../../fixtures/schema.ts";
import type { CaseRef, Rung } from "../../programs/generating.ts";
import type { HostOrder } from "../../programs/hostOrder.ts";

/** The orders that a worker gets before its first task. */
export interface WorkerOrders {
  host: HostOrder;
  /** The host that confirms a death. */
  confirm: HostOrder;
  /** The space that cases are drawn from, and the hunt's seed. */
  space: unknown;
  seed: string;
  /** A fix that every case is given: its name, or the path of a user's own; null for none. */
  fix: string | null;
  /** Invariants of every run besides `finite`, as `--invariant` takes them. */
  invariants: readonly string[];
  provenance: {
    nanproof: string;
    /** The preset, or the name of a person's file. */
    preset: string;
    /** The domain's name, or a few words for it. */
    domain: string;
  };
}

/** A task for a worker: a case, and what to do with it. */
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
  /** Of a death, where running the fatal step again showed its cause; else null. */
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

/** The schema of {@link HuntAnswer}. */
const huntAnswerSchema = z.discriminatedUnion("kind", [ran, captured, failed]);
/** The answer of a worker. */
export type HuntAnswer = z.infer<typeof huntAnswerSchema>;
/** The result of a case that was run. */
export type RanCase = z.infer<typeof ran>;

/**
 * Reads the answer of a worker to a task.
 * @throws Error when it is no answer to that task.
 */
export function readAnswer(answer: unknown, { kind }: HuntTask): HuntAnswer {
  const read = huntAnswerSchema.parse(answer);
  if (read.kind !== "failed" && (read.kind === "ran") !== (kind === "run"))
    throw new Error("an answer to another question");
  return read;
}
