import { isDeepStrictEqual } from "node:util";
import type { FixScope } from "../../fix.ts";
import type { TrainingCase } from "../cases/schema.ts";

/**
 * The scopes of a change of a case. Regularisation, rates, decays and the start act through
 * training; all else acts within a step already, the epsilon that keeps a division finite too. Empty where nothing was changed.
 */
export function scopesOf(before: TrainingCase, after: TrainingCase): FixScope[] {
  const scopes: FixScope[] = [];
  if (!isDeepStrictEqual(withinStep(before), withinStep(after))) scopes.push("step");
  if (!isDeepStrictEqual(throughTraining(before), throughTraining(after))) scopes.push("training");
  return scopes;
}

function throughTraining({ init, loss, optimizer, steps }: TrainingCase) {
  const { kind: _, clip: __, skipNonFinite: ___, ...settings } = optimizer;
  return { init, l2: loss.l2, settings: { ...settings, form: null, epsilon: null }, steps };
}

function withinStep({ model, data, loss, optimizer }: TrainingCase) {
  const form = optimizer.kind === "adam" ? optimizer.form : optimizer.kind;
  const epsilon = optimizer.kind === "adam" ? optimizer.epsilon : null;
  const { clip, skipNonFinite } = optimizer;
  return { model, data, loss: { ...loss, l2: 0 }, form, epsilon, clip, skipNonFinite };
}

/** True where a change makes another loss of the same outputs: another axis, normalisation or counting of padding, or other data. */
export function changesWhatIsTrained(before: TrainingCase, after: TrainingCase): boolean {
  const trained = ({ data, loss }: TrainingCase) => ({ data, loss: { ...loss, l2: 0 } });
  return !isDeepStrictEqual(trained(before), trained(after));
}
