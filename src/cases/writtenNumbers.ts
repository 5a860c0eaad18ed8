import type { ParametersJson, TrainingCase } from "./schema.ts";
import { layerShapes, targetWidth } from "./shapes.ts";
import { decodeTensor } from "./state.ts";

/**
 * The numbers that a case writes out, tensor by tensor: weights, both moments (kernel before bias, the lowest
 * layer first), then inputs and targets of each batch. What a seed draws is not written out.
 * @param binary The file beside a fixture, if it has one.
 * @throws RangeError when the binary file is absent or too short.
 */
export function writtenNumbers({ init, data, model }: TrainingCase, binary?: Uint8Array): Float32Array[] {
  const shapes = layerShapes(model);
  const written: Float32Array[] = [];
  const add = (parameters: ParametersJson = []) => {
    parameters.forEach(({ kernel, bias }, l) => {
      const { inputs, units } = shapes[l] ?? { inputs: 0, units: 0 };
      written.push(decodeTensor(kernel, (inputs + units) * 4 * units, binary));
      written.push(decodeTensor(bias, 4 * units, binary));
    });
  };
  if (init.kind === "explicit") {
    add(init.weights);
    add(init.firstMoment);
    add(init.secondMoment);
  }
  if (data.kind === "explicit")
    for (const { time, lengths, x, y } of data.batches) {
      written.push(decodeTensor(x, lengths.length * time * model.inputs, binary));
      written.push(decodeTensor(y, lengths.length * time * targetWidth(model), binary));
    }
  return written;
}
