import { UsageError } from "../../documents/errors.ts";
import type { Form } from "./form.ts";
import { show } from "./knobChecks.ts";
import { isVariable } from "./tfjs/engine.ts";
import { canonicalNames } from "./tfjs/names.ts";
import type { Tensor } from "./tfjs/types.ts";
import type { NamedVariable } from "./tfjs/variables.ts";
import type { WatchedLoss, WatchedStep } from "./watchTypes.ts";

/**
 * Variables, an optimizer and a loss: a step takes the gradients of the loss and applies them, and gives the loss as a number.
 * @throws UsageError when the variables are none.
 */
export function lossForm({ variables, optimizer, loss }: WatchedLoss<unknown[]>): Form {
  const named = namedVariables(variables);
  const trained = named.filter(({ trained }) => trained).map(({ variable }) => variable);
  return {
    variables: named,
    optimizer,
    model: null,
    sources: [],
    run: (batch) => {
      const value = optimizer.minimize((() => loss(...batch)) as never, true, trained as never) as Tensor;
      const number = value.dataSync()[0];
      value.dispose();
      return Number(number);
    },
  };
}

/**
 * Variables, an optimizer and a whole step of the person's own.
 * @throws UsageError when the variables are none.
 */
export function stepForm({ variables, optimizer, step }: WatchedStep<unknown[], unknown>): Form {
  return {
    variables: namedVariables(variables),
    optimizer,
    model: null,
    sources: [],
    run: (batch) => step(...batch),
  };
}

function namedVariables(variables: unknown): NamedVariable[] {
  if (typeof variables !== "object" || variables === null || Array.isArray(variables))
    throw new UsageError(
      "NANPROOF_E_WATCH",
      `watch({ variables: ${show(variables)} }) has no variables by name`,
      "Give each a name: watch({ variables: { kernel, bias }, ... }).",
    );
  const wrong = Object.entries(variables).find(([, variable]) => !isVariable(variable));
  if (wrong !== undefined || Object.keys(variables).length === 0)
    throw new UsageError(
      "NANPROOF_E_WATCH",
      wrong === undefined
        ? "watch was given no variables"
        : `variable ${wrong[0]} is ${describe(wrong[1])}, which is no tf.Variable`,
      "Give what the optimizer changes, as tf.variable(...) made it. Of a weight of a layer that is `weight.read()`.",
    );
  const found = Object.entries(variables).filter((entry): entry is [string, NamedVariable["variable"]] =>
    isVariable(entry[1]),
  );
  const names = canonicalNames(found.map(([name]) => name));
  return found.map(([, variable], i) => ({
    name: names[i] as string,
    trained: variable.trainable,
    variable,
  }));
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return show(value);
  return `a ${value.constructor?.name ?? "record"}`;
}
