import type { StoredTensor } from "../../../documents/safetensors.ts";
import type { StepNumber } from "../../explaining.ts";
import { numbersOf } from "../shrinking/numbers.ts";
import { isPlain } from "../shrinking/order.ts";
import type { ProgramStep } from "../step.ts";

/**
 * The numbers of a step's batch, weights, slots and buffers, those that are not 0 first: of batch and state in turn, so that both are
 * tried where there are too many.
 */
export function stepNumbers(step: ProgramStep): StepNumber<ProgramStep>[] {
  const batch = [...numbersIn(step, "batch", () => true)];
  const state = [...numbersIn(step, "state", isPlain)];
  const isZero = ({ value }: StepNumber<ProgramStep>) => value === 0;
  const isSome = (number: StepNumber<ProgramStep>) => !isZero(number);
  return [
    ...inTurn(batch.filter(isSome), state.filter(isSome)),
    ...inTurn(batch.filter(isZero), state.filter(isZero)),
  ];
}

function inTurn<T>(first: readonly T[], second: readonly T[]): T[] {
  const most = Math.max(first.length, second.length);
  return Array.from({ length: most }, (_, k) => [first[k], second[k]])
    .flat()
    .filter((one) => one !== undefined);
}

/** The numbers of one part of a step, tensor by tensor. */
export function* numbersIn(
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

/** The indices of a number in its tensor, as "[0, 3]"; empty for the only one. */
function placeOf({ shape }: StoredTensor, index: number): string {
  const places: number[] = [];
  let rest = index;
  for (const length of shape.toReversed()) {
    places.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return places.length === 0 ? "" : `[${places.join(", ")}]`;
}
