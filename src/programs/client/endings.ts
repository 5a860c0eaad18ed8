/** The facts about a death when it is thrown. */
export interface Death {
  /** The step that died, counted from 1. */
  step: number;
  loss: number;
  /** The part with a number that is not finite; null where an invariant of the person's own was broken. */
  where: "loss" | "gradients" | "weights" | "slots" | null;
  /** The tensor's name, where it is one of several. */
  tensor: string | null;
  /** The file that the step was written to, or null where it could not be. */
  fixture: string | null;
}

/** A training step died: a loss, a gradient, a weight or an optimizer's slot is not finite. */
export class TrainingDied extends Error {
  override readonly name = "TrainingDied";
  constructor(
    message: string,
    readonly death: Death,
  ) {
    super(message);
  }
}

/** A case that nanproof runs is over. It is thrown by `step`, and is nothing to catch. */
export class CaseEnded extends Error {
  override readonly name = "CaseEnded";
  constructor() {
    super(
      "nanproof ended this case: its steps are done, it died, or it was stopped. Let this error through.",
    );
  }
}

/** True of a `CaseEnded`, of this copy of nanproof or another. */
export function isCaseEnded(value: unknown): boolean {
  return value instanceof Error && value.name === "CaseEnded";
}
