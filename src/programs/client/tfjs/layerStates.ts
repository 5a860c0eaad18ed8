import { isTensor } from "./engine.ts";
import { allLayers } from "./layers.ts";
import { makeTensor } from "./numbers.ts";
import { partNumbers, type StateSource, tensorPart } from "./parts.ts";
import type { LayersModel, Tensor } from "./types.ts";

interface Stateful {
  stateful?: boolean;
  states_?: (Tensor | null)[] | null;
}

/** The states that `stateful` recurrent layers carry from batch to batch. */
export function layerStateSource(model: LayersModel): StateSource {
  const layers = allLayers(model).filter(
    (layer) => (layer as Stateful).stateful === true && "states_" in layer,
  );
  const statesOf = (i: number) => ((layers[i] as Stateful).states_ ?? []).filter(isTensor);
  const partName = (i: number, k: number) => `buffer/stateful${i}/${k}`;
  return {
    take: () =>
      layers.flatMap((_, i) => statesOf(i).map((state, k) => tensorPart(partName(i, k), "buffer", state))),
    accepts: ({ name }) => layers.some((_, i) => name.startsWith(`buffer/stateful${i}/`)),
    restore(parts) {
      for (const [i, layer] of layers.entries()) {
        const states: Tensor[] = [];
        for (let k = 0; parts.has(partName(i, k)); k++) {
          const part = parts.get(partName(i, k));
          if (part) states.push(makeTensor(partNumbers(part), part.shape, part.dtype));
        }
        if (states.length > 0) (layer as Stateful).states_ = states;
      }
    },
  };
}
