import { mapParameters, PARAMETERS, STATE_PARTS } from "./parameters.ts";
import type { TrainingCase } from "./schema.ts";
import { targetWidth } from "./shapes.ts";
import { decodeTensor } from "./state.ts";

/**
 * The numbers that a case writes out, tensor by tensor: weights, both moments (kernel before bias, the lowest
 * layer first), then inputs and targets of each batch. What a seed draws is not written out.
 * @param binary The file beside a fixture, if it has one.
 * @throws RangeError when the binary file is absent or too short.
 */
export function writtenNumbers({ init, data, model }: TrainingCase, binary?: Uint8Array): Float32Array[] {
  const written: Float32Array[] = [];
  if (init.kind === "explicit") {
    const sizes = mapParameters(model, ({ size }) => size);
    for (const part of STATE_PARTS)
      init[part]?.forEach((parameters, l) => {
        for (const name of PARAMETERS)
          written.push(decodeTensor(parameters[name], sizes[l]?.[name] ?? 0, binary));
      });
  }
  if (data.kind === "explicit")
    for (const { time, lengths, x, y } of data.batches) {
      written.push(decodeTensor(x, lengths.length * time * model.inputs, binary));
      written.push(decodeTensor(y, lengths.length * time * targetWidth(model), binary));
    }
  return written;
}
