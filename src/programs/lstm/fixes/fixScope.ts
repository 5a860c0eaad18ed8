import { isDeepStrictEqual } from "node:util";
import type { FixScope } from "../../fix.ts";
import type { TrainingCase } from "../cases/schema.ts";

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
