import type { StoredTensor } from "../../documents/safetensors.ts";
import type { Explaining, StepNumber } from "../explaining.ts";
import type { ProgramDiagnosis } from "./diagnosis.ts";
import { numbersOf } from "./shrinking/numbers.ts";
import { isPlain } from "./shrinking/order.ts";
import type { ProgramStep } from "./step.ts";

/**
 * What can be told of a death of a person's program: the numbers of its batch and of its weights, each tried with other values. What
 * grew over timesteps is in the sentence of the death, where its trace shows that; sizes are the program's own.
 */
export const explaining: Explaining<ProgramStep, ProgramDiagnosis> = {
  story: (_, __, { because, notes = [] }) => ({
    sentences: [because, ...notes],
    growth: { perTimestep: null, through: [] },
    levels: [],
  }),
  numbers(step) {
    const all = [...numbersIn(step, "batch", () => true), ...numbersIn(step, "state", isPlain)];
    return [...all.filter(({ value }) => value !== 0), ...all.filter(({ value }) => value === 0)];
  },
  knobs: () => [],
  batchOf: (_, step) => step - 1,
};

function* numbersIn(
  step: ProgramStep,
  part: "state" | "batch",
  counts: (name: string) => boolean,
): Generator<StepNumber<ProgramStep>> {
  for (const [name, tensor] of step[part].tensors) {
    if (!counts(name)) continue;
    const numbers = numbersOf(tensor);
    for (let i = 0; i < numbers.length; i++)
      yield {
        what: `${part === "batch" ? "batch/" : ""}${name}${placeOf(tensor, i)}`,
        value: numbers.at(i),
        with: (value) => {
          const changed = numbers.with(new Map([[i, value]]));
          // A kind of number may not have the value: its neighbour is no other step.
          if (!Object.is(numbersOf(changed).at(i), value)) return null;
          return {
            ...step,
            [part]: { ...step[part], tensors: new Map(step[part].tensors).set(name, changed) },
          };
        },
      };
  }
}

/** Where a number stands in its tensor, as "[0, 3]"; empty for the only one. */
function placeOf({ shape }: StoredTensor, index: number): string {
  const places: number[] = [];
  let rest = index;
  for (const length of shape.toReversed()) {
    places.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return places.length === 0 ? "" : `[${places.join(", ")}]`;
}
