import { isDeepStrictEqual } from "node:util";
import type { TrainingCase } from "./schema.ts";

/**
 * Where a fix takes effect. One that acts within a `step` changes what a given state and batch compute,
 * so the fatal step alone can tell whether it helps; one that acts through `training` changes which
 * states are reached, which only a run from its start can tell.
 */
export type FixScope = "step" | "training";

/**
 * How a change of a case takes effect. Regularisation, rates, decays and the start act through
 * training; all else acts within a step already. Empty where nothing was changed.
 */
export function scopesOf(before: TrainingCase, after: TrainingCase): FixScope[] {
  const scopes: FixScope[] = [];
  if (!isDeepStrictEqual(withinStep(before), withinStep(after))) scopes.push("step");
  if (!isDeepStrictEqual(throughTraining(before), throughTraining(after))) scopes.push("training");
  return scopes;
}

function throughTraining({ init, loss, optimizer, steps }: TrainingCase) {
  const { kind: _, clip: __, skipNonFinite: ___, ...settings } = optimizer;
  return { init, l2: loss.l2, settings: { ...settings, form: null }, steps };
}

function withinStep({ model, data, loss, optimizer }: TrainingCase) {
  const form = optimizer.kind === "adam" ? optimizer.form : optimizer.kind;
  return { model, data, loss: { ...loss, l2: 0 }, form, clip: optimizer.clip, skip: optimizer.skipNonFinite };
}
