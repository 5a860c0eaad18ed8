import { UsageError } from "../../documents/errors.ts";
import type { Form } from "./form.ts";
import { isOptimizer } from "./tfjs/engine.ts";
import { layerStateSource } from "./tfjs/layerStates.ts";
import { canonicalNames } from "./tfjs/names.ts";
import type { LayersModel, Variable } from "./tfjs/types.ts";
import type { NamedVariable } from "./tfjs/variables.ts";

/**
 * A compiled model: a step is `trainOnBatch`.
 * @throws UsageError when the model is not compiled.
 */
export function modelForm(model: LayersModel): Form {
  const { optimizer } = model as { optimizer?: unknown };
  if (!isOptimizer(optimizer))
    throw new UsageError(
      "NANPROOF_E_WATCH",
      "watch was given a model that is not compiled",
      'Compile it before: model.compile({ optimizer: "adam", loss: "meanSquaredError" }).',
    );
  return {
    variables: variablesOf(model),
    optimizer,
    model,
    sources: [layerStateSource(model)],
    run: ([x, y]) => model.trainOnBatch(x as never, y as never),
  };
}

/** A model's weights, under names that do not depend on what the process made before. */
function variablesOf({ weights }: LayersModel): NamedVariable[] {
  const names = canonicalNames(weights.map(({ originalName }) => originalName));
  return weights.map((weight, i) => ({
    name: names[i] as string,
    trained: weight.trainable,
    variable: weight.read() as Variable,
  }));
}
