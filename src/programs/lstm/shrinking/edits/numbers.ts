import type { CaseSize } from "../../../program.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import type { Ordered } from "../../cases/order.ts";
import { mapArrays } from "../../cases/parameters.ts";
import { caseSize } from "../../cases/size.ts";
import { stateArrays } from "../../cases/state.ts";
import { isFresh } from "../../cases/stepCase.ts";

/** A number of a step: which of its tensors, and where in it. */
export interface Place {
  tensor: number;
  index: number;
}

/** Every tensor of a step: weights, moments, inputs, targets. */
export function tensorsOf({ state, batch }: CapturedStep): Float32Array[] {
  return [...stateArrays(state).map(([, values]) => values), batch.x, batch.y];
}

/** The step with other tensors in the order of {@link tensorsOf}. */
function withTensors(step: CapturedStep, tensors: readonly Float32Array[]): CapturedStep {
  const { state, batch } = step;
  let next = 0;
  const take = () => tensors[next++] ?? new Float32Array();
  const weights = mapArrays(state.weights, take);
  const firstMoment = mapArrays(state.firstMoment, take);
  const secondMoment = mapArrays(state.secondMoment, take);
  return {
    ...step,
    state: { ...state, weights, firstMoment, secondMoment },
    batch: { ...batch, x: take(), y: take() },
  };
}

/** The step with some numbers replaced; tensors without any are shared. */
export function withNumbers(step: CapturedStep, places: readonly Place[], value: number): CapturedStep {
  const tensors = tensorsOf(step);
  const copied = new Set<number>();
  for (const { tensor, index } of places) {
    if (!copied.has(tensor)) {
      copied.add(tensor);
      tensors[tensor] = tensors[tensor]?.slice() ?? new Float32Array();
    }
    const values = tensors[tensor];
    if (values) values[index] = value;
  }
  return withTensors(step, tensors);
}

/** The step with every kernel and bias times a factor. */
export function scaleWeights(step: CapturedStep, factor: number): CapturedStep {
  const weights = mapArrays(step.state.weights, (values) => values.map((value) => value * factor));
  return { ...step, state: { ...step.state, weights } };
}

/** The numbers of a step that are not 0, targets and inputs first, then moments, then weights from the top. */
export function nonZeroPlaces(step: CapturedStep): Place[] {
  const places: Place[] = [];
  tensorsOf(step).forEach((values, tensor) => {
    for (let index = 0; index < values.length; index++)
      if (values[index] !== 0) places.push({ tensor, index });
  });
  return places.reverse();
}

/** The step as the order of cases takes it, and as it is written down: moments that are all 0 are left out. */
export function orderedStep(step: CapturedStep): Ordered {
  const { state, batch } = step;
  const init = { kind: "explicit" as const, step: state.step, weights: [] };
  const written = isFresh(state) ? { ...state, firstMoment: [], secondMoment: [] } : state;
  return {
    case: { ...step.case, init },
    numbers: () => tensorsOf({ ...step, state: written, batch }),
  };
}

/** The size of a step, as it is written down. */
export function stepSize(step: CapturedStep): CaseSize {
  return caseSize(step.case, orderedStep(step).numbers());
}
