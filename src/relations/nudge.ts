import type { TrainingState } from "../cases/state.ts";

/** The state with every weight that is not 0 moved by one ulp: away from 0 and towards it in turn, from `first` on. */
export function nudged(state: TrainingState, first: "away" | "towards"): TrainingState {
  const move = (values: Float32Array) => nudge(values, first === "away" ? 0 : 1);
  return {
    ...state,
    weights: state.weights.map(({ kernel, bias }) => ({ kernel: move(kernel), bias: move(bias) })),
  };
}

function nudge(values: Float32Array, parity: number): Float32Array {
  const moved = values.slice();
  const bits = new Int32Array(moved.buffer);
  for (let i = 0; i < bits.length; i++)
    if (moved[i] !== 0) bits[i] = (bits[i] as number) + (i % 2 === parity ? 1 : -1);
  return moved;
}
