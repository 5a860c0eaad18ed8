import type { Engine } from "../../training/engine.ts";
import { growthIn } from "../growth.ts";
import { stepSentence } from "../sentence.ts";
import type { DyingRun } from "./attempt.ts";

/** How a run is trained and what its fatal step dies of, for a person. */
export function runSentence(engine: Engine, { case: testCase, fatal: { step, death } }: DyingRun): string {
  const { optimizer, loss, steps } = testCase;
  const settings = [
    `learning rate ${optimizer.learningRate}`,
    loss.l2 > 0 && `L2 ${loss.l2}`,
    optimizer.clip.kind !== "none" && `gradients clipped at ${optimizer.clip.limit}`,
  ].filter(Boolean);
  const sentence = stepSentence(step, death, growthIn(engine, step, death));
  return `trained from its start at ${settings.join(", ")}, dead at step ${steps}: ${sentence}`;
}
