import { makeTensor } from "./tfjs/numbers.ts";
import { partNumbers, type StateSource, tensorPart } from "./tfjs/parts.ts";
import type { Tensor } from "./tfjs/types.ts";
import type { ExtraState } from "./watchTypes.ts";

/** The tensors that a person saves beside variables and optimizer, as parts of a state. */
export function extraSource({ get, set }: ExtraState): StateSource {
  const partName = (name: string) => `buffer/state/${name}`;
  return {
    take: () => Object.entries(get()).map(([name, tensor]) => tensorPart(partName(name), "buffer", tensor)),
    accepts: () => false,
    restore(parts) {
      const tensors: Record<string, Tensor> = {};
      for (const name of Object.keys(get())) {
        const part = parts.get(partName(name));
        if (part !== undefined) tensors[name] = makeTensor(partNumbers(part), part.shape, part.dtype);
      }
      set(tensors);
    },
  };
}
