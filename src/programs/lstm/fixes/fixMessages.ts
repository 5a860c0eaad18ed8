import type { TrainingCase } from "../cases/schema.ts";

/** A request to the process of a user's fix. */
export type FixRequest = { kind: "load"; path: string } | { kind: "apply"; case: TrainingCase };

/** Its answer, one to each request; `ready` comes first and unasked. */
export type FixAnswer =
  | { kind: "ready" }
  | { kind: "loaded" }
  | { kind: "made"; case: TrainingCase }
  /** The module or what it made cannot be used; in words, the path left out. */
  | { kind: "refused"; what: string; hint: string };

/** True of an answer, false of a message that the module has sent by itself. */
export function isAnswer(message: unknown): message is FixAnswer {
  const kinds: readonly unknown[] = ["ready", "loaded", "made", "refused"] satisfies FixAnswer["kind"][];
  return typeof message === "object" && message !== null && "kind" in message && kinds.includes(message.kind);
}
