import type { ModelSpec, TextSpec } from "../cases/schema.ts";
import { targetWidth } from "../cases/shapes.ts";
import type { Embedding } from "./embedding.ts";
import { randomEmbedding } from "./randomEmbedding.ts";
import { openWink } from "./wink.ts";

/**
 * Chooses the embedding that a case names and checks that it fits the model, before any text is read.
 * What it returns opens the embedding for the words of a text.
 * @throws UsageError when wink is not installed, or the model does not have its width.
 */
export function chooseEmbedding(
  spec: TextSpec["embedding"],
  model: ModelSpec,
): (words: readonly string[]) => Embedding {
  if (spec.kind === "wink") return openWink(model);
  return () => randomEmbedding(spec.seed, spec.scale, { inputs: model.inputs, targets: targetWidth(model) });
}
