import { UsageError } from "../../documents/errors.ts";
import { extraSource } from "./extraState.ts";
import type { Form } from "./form.ts";
import { checkInvariants, type ProgramInvariant } from "./invariants.ts";
import { show } from "./knobChecks.ts";
import { lossOf } from "./loss.ts";
import { modelForm } from "./modelForm.ts";
import { isOptimizer } from "./tfjs/engine.ts";
import { watchGradients } from "./tfjs/gradients.ts";
import { optimizerSource } from "./tfjs/optimizerState.ts";
import type { StateSource } from "./tfjs/parts.ts";
import { stateOf } from "./tfjs/state.ts";
import type { LayersModel } from "./tfjs/types.ts";
import { variableSource } from "./tfjs/variables.ts";
import type { Training } from "./training.ts";
import { lossForm, stepForm } from "./variableForms.ts";
import type { WatchOptions } from "./watchTypes.ts";

/**
 * The training that `watch` was given, in any of its forms.
 * @param more What belongs to its state beside what it says itself.
 * @throws UsageError when it is none of them.
 */
export function trainingOf(target: unknown, options: WatchOptions, more: readonly StateSource[]): Training {
  return made(formOf(target), options, more);
}

/** A training of a form. */
export function made(form: Form, options: WatchOptions, more: readonly StateSource[]): Training {
  const invariants: ProgramInvariant[] = checkInvariants(options.invariants, "watch(...)");
  const names = new Map(form.variables.map(({ name, variable }) => [variable.name, name]));
  const nameOf = (own: string) => names.get(own) ?? own;
  const optimizer = optimizerSource(form.optimizer, nameOf);
  const sources = [variableSource(form.variables), optimizer, ...form.sources, ...more];
  if (options.state !== undefined) sources.push(extraSource(options.state));
  return {
    ...form,
    invariants,
    state: stateOf(sources),
    gradients: watchGradients(form.optimizer, (own) => `weight/${nameOf(own)}`, optimizer.install),
    slotName: (original, slot) => `slot/${nameOf(original.slice(0, original.lastIndexOf("/")))}/${slot}`,
    lossOf,
  };
}

function formOf(target: unknown): Form {
  const { layers, trainOnBatch, optimizer, loss, step } = (target ?? {}) as Record<string, unknown>;
  if (typeof trainOnBatch === "function" && Array.isArray(layers)) return modelForm(target as LayersModel);
  if (isOptimizer(optimizer) && typeof step === "function") return stepForm(target as never);
  if (isOptimizer(optimizer) && typeof loss === "function") return lossForm(target as never);
  throw new UsageError(
    "NANPROOF_E_WATCH",
    `watch(${
      typeof target === "object" && target !== null
        ? `{ ${Object.keys(target).slice(0, 8).join(", ")} }`
        : show(target)
    }) is nothing that can be watched`,
    "Give it a compiled tf.LayersModel, { variables, optimizer, loss } or { variables, optimizer, step }.",
  );
}
