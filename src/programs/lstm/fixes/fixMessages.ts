import type { TrainingCase } from "../cases/schema.ts";

/** What the process of a user's fix is asked. */
export type FixRequest = { kind: "load"; path: string } | { kind: "apply"; case: TrainingCase };

/** What it answers, each request once; `ready` comes first and unasked. */
export type FixAnswer =
  | { kind: "ready" }
  | { kind: "loaded" }
  | { kind: "made"; case: TrainingCase }
  /** The module or what it made cannot be used; in words, the path left out. */
  | { kind: "refused"; what: string; hint: string };

/** Whether a message is an answer, and nothing that a module has sent by itself. */
export function isAnswer(message: unknown): message is FixAnswer {
  const kinds: readonly unknown[] = ["ready", "loaded", "made", "refused"] satisfies FixAnswer["kind"][];
  return typeof message === "object" && message !== null && "kind" in message && kinds.includes(message.kind);
}
