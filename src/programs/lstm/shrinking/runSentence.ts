import type { TrainingCase } from "../cases/schema.ts";

/** The settings that a run is trained with and the death of its fatal step, for a person. */
export function runSentence({ optimizer, loss, steps }: TrainingCase, stepSentence: string): string {
  const settings = [
    `learning rate ${optimizer.learningRate}`,
    loss.l2 > 0 && `L2 ${loss.l2}`,
    optimizer.clip.kind !== "none" && `gradients clipped at ${optimizer.clip.limit}`,
  ].filter(Boolean);
  return `trained from its start at ${settings.join(", ")}, dead at step ${steps}: ${stepSentence}`;
}
