import type { StoredTensor } from "../../program.ts";
import { mapParameters, PARAMETERS, STATE_PARTS } from "./parameters.ts";
import type { TensorJson, TrainingCase } from "./schema.ts";
import { targetWidth } from "./shapes.ts";

/** The tensors of a case that are kept in a binary file, with the sizes that their shapes ask for. */
export function storedTensors({ init, data, model }: TrainingCase): StoredTensor[] {
  const found: StoredTensor[] = [];
  const add = (tensor: TensorJson | undefined, numbers: number, path: StoredTensor["path"]) => {
    if (tensor === undefined || Array.isArray(tensor)) return;
    found.push({ path, byteOffset: tensor.byteOffset, bytes: 4 * numbers });
  };
  if (init.kind === "explicit")
    for (const part of STATE_PARTS)
      mapParameters(model, ({ size }) => size).forEach((sizes, l) => {
        for (const name of PARAMETERS) add(init[part]?.[l]?.[name], sizes[name], ["init", part, l, name]);
      });
  if (data.kind === "explicit")
    data.batches.forEach(({ time, lengths, x, y }, b) => {
      add(x, lengths.length * time * model.inputs, ["data", "batches", b, "x"]);
      add(y, lengths.length * time * targetWidth(model), ["data", "batches", b, "y"]);
    });
  return found;
}
